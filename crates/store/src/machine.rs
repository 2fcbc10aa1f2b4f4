//! The id that the operating system gives this machine, by which a cloned disk is recognised.

/// Returns the machine id. It is empty if the system has none, as in a container: then machines aren't told apart.
pub(crate) fn machine() -> String {
    read().unwrap_or_default()
}

#[cfg(not(any(windows, target_os = "macos")))]
fn read() -> Option<String> {
    let files = ["/etc/machine-id", "/var/lib/dbus/machine-id"].map(std::fs::read_to_string);
    let ids = files.into_iter().filter_map(Result::ok).map(|id| id.trim().to_owned());
    // While systemd sets an image up it writes "uninitialized".
    ids.into_iter().find(|id| id.len() == 32)
}

/// Windows makes it when it is installed. A disk image that isn't prepared with sysprep carries it along.
#[cfg(windows)]
fn read() -> Option<String> {
    use winreg::RegKey;
    use winreg::enums::{HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY};

    let key = RegKey::predef(HKEY_LOCAL_MACHINE)
        .open_subkey_with_flags(r"SOFTWARE\Microsoft\Cryptography", KEY_READ | KEY_WOW64_64KEY)
        .ok()?;
    key.get_value::<String, _>("MachineGuid").ok().filter(|id| !id.is_empty())
}

/// The id of the hardware, which a restored disk on another Mac doesn't have.
#[cfg(target_os = "macos")]
fn read() -> Option<String> {
    let asked = std::process::Command::new("/usr/sbin/ioreg").args(["-rd1", "-c", "IOPlatformExpertDevice"]).output();
    platform_uuid(&String::from_utf8_lossy(&asked.ok()?.stdout))
}

/// Finds the line `"IOPlatformUUID" = "…"` in what `ioreg` prints.
#[cfg(any(test, target_os = "macos"))]
fn platform_uuid(printed: &str) -> Option<String> {
    let (_, rest) = printed.split_once("\"IOPlatformUUID\"")?;
    let id = rest.split('"').nth(1)?;
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uuid_of_a_mac_is_read_from_what_ioreg_prints() {
        let printed = "+-o J314sAP  <class IOPlatformExpertDevice>\n    {\n      \"IOPlatformSerialNumber\" = \"C02\"\n      \
                       \"IOPlatformUUID\" = \"5B1C0A2E-0000-4000-8000-0123456789AB\"\n    }\n";
        assert_eq!(platform_uuid(printed).as_deref(), Some("5B1C0A2E-0000-4000-8000-0123456789AB"));
        for printed in ["", "\"IOPlatformUUID\" = <01>", "\"IOPlatformUUID\" = \"\""] {
            assert_eq!(platform_uuid(printed), None, "{printed}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_has_its_id_or_none() {
        let id = machine();
        assert!(id.is_empty() || id.len() == 32, "{id}");
        assert_eq!(id, machine());
    }
}
