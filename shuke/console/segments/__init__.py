"""人群: ready and own segments with their members, why in and why out, the builder, and how people move."""
