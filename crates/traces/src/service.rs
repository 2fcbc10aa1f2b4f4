//! The OpenTelemetry resource that describes this program to the receivers of spans.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use uuid::Uuid;

/// The service name under which receivers show spans.
pub(crate) const SERVICE: &str = "nosmoke-desk";

/// Returns the resource. It identifies this run of the program, not the terminal, which may not be set up yet; each
/// span has the terminal's id.
pub(crate) fn resource(version: &str) -> Resource {
    let resource = Resource::builder_empty().with_attributes([
        KeyValue::new("service.name", SERVICE),
        KeyValue::new("service.version", version.to_owned()),
        KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
    ]);
    resource.build()
}
