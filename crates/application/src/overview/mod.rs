//! The data of the Services screen: the state of the contexts, their backlogs, and the traffic between them.

mod backlog;
mod contexts;
mod services;
