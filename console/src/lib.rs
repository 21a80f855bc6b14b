//! What people see and press: queue, incident, Bawaslu desk, answers, search and the HTTP API of the same.
