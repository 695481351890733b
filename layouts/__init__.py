"""What a person sees: pages, figures and components, all pure."""
