"""`python -m landready` does what `landready` does."""

from landready.cli.app import main

if __name__ == "__main__":
    main()
