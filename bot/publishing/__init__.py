"""From findings to tickets: rules, routes, plan, outbox, drafts, what people did in return, and the way back."""
