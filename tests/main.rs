//! One binary for all tests that go through the public interface, so that there is one link to wait for.

mod layers;
