//! `--backend`: the index on a cluster. A server that lies stands in for what a healthy cluster does not do; the other tests
//! need a real one, which `tests/cluster/up` starts:
//!
//! ```sh
//! DESPATCH_TEST_CLUSTER=$(tests/cluster/up | tail -1) cargo test --test cluster; tests/cluster/down
//! ```

#![cfg(feature = "cluster")]
#![allow(clippy::unwrap_used)] // a test may fail

mod desk;
mod fake;
mod faults;
mod life;
mod nodes;
mod parity;
