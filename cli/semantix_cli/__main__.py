"""``python -m semantix_cli`` is ``semantix``."""

from semantix_cli.main import main

if __name__ == "__main__":
    main(prog_name="semantix")
