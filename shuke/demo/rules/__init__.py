"""Pure draws and layouts: values in, values out, every draw from a named seed."""
