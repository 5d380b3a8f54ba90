"""From what is staged to targets: integers are given, the difference is computed once, each target takes it whole."""
