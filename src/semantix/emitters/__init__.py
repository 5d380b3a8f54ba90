"""From the model to a target: one package a target, siblings that never import each other."""
