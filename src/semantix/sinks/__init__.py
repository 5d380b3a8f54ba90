"""Where converted documents are written: one module a kind of target."""
