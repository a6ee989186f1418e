//! Repositories that try to make git run a program, fetch or write.
