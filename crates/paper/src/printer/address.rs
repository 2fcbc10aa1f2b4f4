//! Where a printer is.

use std::path::PathBuf;

/// The port on which receipt printers take raw bytes.
const RAW_PORT: u16 = 9100;
/// Upper bound for a host name, as in DNS.
const HOST_MAX: usize = 253;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterAddress {
    Network {
        /// A name or an IP address, IPv6 without brackets.
        host: String,
        port: u16,
    },
    /// A device file, such as `/dev/usb/lp0`.
    Usb(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("the address is empty")]
    Empty,
    #[error("the address has characters that no host name or IP address has")]
    Host,
    #[error("the port after the colon is not a number from 1 to 65535")]
    Port,
    #[error("a USB printer is a device file such as /dev/usb/lp0")]
    Device,
}

impl PrinterAddress {
    /// Reads `192.168.0.50`, `printer.local:9100`, `[fe80::1]:9100` or `fe80::1`. The port is 9100 by default.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn network(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        if text.contains('/') {
            return Err(BadAddress::Host);
        }
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => rest.split_once(']').ok_or(BadAddress::Host)?,
            // More than one colon is an IPv6 address without a port.
            None => match text.split_once(':') {
                Some((_, rest)) if rest.contains(':') => (text, ""),
                Some((host, port)) => (host, text.get(text.len() - port.len() - 1..).unwrap_or_default()),
                None => (text, ""),
            },
        };
        let port = match port {
            "" => RAW_PORT,
            _ => port
                .strip_prefix(':')
                .filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|port| port.parse().ok())
                .filter(|port| *port > 0)
                .ok_or(BadAddress::Port)?,
        };
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
        match host {
            "" => Err(BadAddress::Empty),
            _ if host.len() > HOST_MAX || !host.chars().all(known) => Err(BadAddress::Host),
            _ => Ok(Self::Network { host: host.to_owned(), port }),
        }
    }

    /// Reads the path of a printer's device file. Only names that the system gives to printers are taken, so that a slip
    /// can't overwrite a file.
    ///
    /// # Errors
    /// `Empty`, `Device`.
    pub fn usb(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        let number = ["/dev/usb/lp", "/dev/lp"].iter().find_map(|prefix| text.strip_prefix(prefix));
        match number {
            _ if text.is_empty() => Err(BadAddress::Empty),
            Some(number) if (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::Usb(text.into()))
            }
            _ => Err(BadAddress::Device),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_port() {
        let network = |host: &str, port| Ok(PrinterAddress::Network { host: host.into(), port });
        assert_eq!(PrinterAddress::network(" 192.168.0.50 "), network("192.168.0.50", 9100));
        assert_eq!(PrinterAddress::network("printer.local:9101"), network("printer.local", 9101));
        assert_eq!(PrinterAddress::network("fe80::1"), network("fe80::1", 9100));
        assert_eq!(PrinterAddress::network("[fe80::1%eth0]:9102"), network("fe80::1%eth0", 9102));
    }

    #[test]
    fn a_wrong_address_says_what_is_wrong() {
        for (text, wrong) in [
            ("  ", BadAddress::Empty),
            (":9100", BadAddress::Empty),
            ("프린터", BadAddress::Host),
            ("http://printer", BadAddress::Host),
            ("a b", BadAddress::Host),
            ("[fe80::1", BadAddress::Host),
            ("printer:", BadAddress::Port),
            ("printer:0", BadAddress::Port),
            ("printer:+9100", BadAddress::Port),
            ("printer:70000", BadAddress::Port),
            ("[::1]9100", BadAddress::Port),
        ] {
            assert_eq!(PrinterAddress::network(text), Err(wrong), "{text}");
        }
    }

    #[test]
    fn a_usb_printer_is_a_device_of_the_system() {
        assert_eq!(PrinterAddress::usb("/dev/usb/lp0"), Ok(PrinterAddress::Usb("/dev/usb/lp0".into())));
        assert_eq!(PrinterAddress::usb("/dev/lp12"), Ok(PrinterAddress::Usb("/dev/lp12".into())));
        assert_eq!(PrinterAddress::usb(""), Err(BadAddress::Empty));
        for text in ["/dev/sda", "/dev/usb/lp", "/dev/usb/lp0/../../sda", "/home/desk/journal.db", "/dev/usb/lp٣"] {
            assert_eq!(PrinterAddress::usb(text), Err(BadAddress::Device), "{text}");
        }
    }
}
