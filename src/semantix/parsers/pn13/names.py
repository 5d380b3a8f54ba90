"""What the format is called."""

FORMAT = "PN13"
