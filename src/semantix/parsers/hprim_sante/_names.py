"""What the format is called."""

FORMAT = "HPRIM Santé"
