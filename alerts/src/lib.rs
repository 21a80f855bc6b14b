//! Incidents: grouping, routing, roster, escalation, channels and the store.
