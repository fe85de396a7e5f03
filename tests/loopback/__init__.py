"""Publishers, receivers and the program itself on loopback, for the demo and the end-to-end tests."""
