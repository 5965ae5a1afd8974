"""What all pages share: the page decorator, formats, drawings, template tags, error pages."""
