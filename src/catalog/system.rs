//! What is built into the server: which of its relations and functions are open.
