//! The interactive program as a state machine.
