"""The instruments: callbacks that write what a person wants to see."""
