//! What receivers are told of this program, beside its spans.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use uuid::Uuid;

/// The name under which receivers show what comes from a terminal.
pub(crate) const SERVICE: &str = "nosmoke-desk";

/// A terminal may not be set up yet, so the resource is this run of the program; spans name the terminal.
pub(crate) fn resource(version: &str) -> Resource {
    let resource = Resource::builder_empty().with_attributes([
        KeyValue::new("service.name", SERVICE),
        KeyValue::new("service.version", version.to_owned()),
        KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
    ]);
    resource.build()
}
