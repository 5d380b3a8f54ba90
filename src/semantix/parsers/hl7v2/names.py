"""What the format is called."""

FORMAT = "HL7 v2"
