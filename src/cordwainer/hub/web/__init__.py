"""What every page stands on: headers, who visits, texts, templates."""
