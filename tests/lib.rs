//! The tests are in `it`: one binary, a module for each concern.
