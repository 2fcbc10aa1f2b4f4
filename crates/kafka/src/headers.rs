//! Reads a message's headers as bytes. rdkafka's own iterator panics at a name that isn't UTF-8, which anybody may
//! write: brokers don't check names.

use std::ffi::CStr;
use std::ptr;

use rdkafka::bindings;
use rdkafka::message::BorrowedMessage;

/// Most headers read of a message; our own have ten. Names are looked up among these alone.
const MAX_HEADERS: usize = 64;

/// Returns the names and values as they lie in the client's buffer; none if librdkafka can't parse them.
pub(crate) fn headers<'a>(message: &'a BorrowedMessage<'_>) -> Vec<(&'a [u8], &'a [u8])> {
    const OK: bindings::rd_kafka_resp_err_t = bindings::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR;
    let mut list = ptr::null_mut();
    // SAFETY: the message lives for 'a, and librdkafka writes a pointer to headers that the message owns.
    if unsafe { bindings::rd_kafka_message_headers(message.ptr(), &raw mut list) } != OK {
        return Vec::new();
    }
    let mut headers = Vec::with_capacity(12);
    for index in 0..MAX_HEADERS {
        let (mut name, mut value, mut size) = (ptr::null(), ptr::null(), 0);
        // SAFETY: `list` is valid (see above); an index past the end is answered with an error.
        let found =
            unsafe { bindings::rd_kafka_header_get_all(list, index, &raw mut name, &raw mut value, &raw mut size) };
        if found != OK || name.is_null() {
            break;
        }
        // SAFETY: librdkafka ends each name with a NUL; both pointers live as long as the message.
        let name = unsafe { CStr::from_ptr(name) }.to_bytes();
        let value = if value.is_null() {
            &[][..]
        } else {
            // SAFETY: as above; a value that isn't null has `size` bytes.
            unsafe { std::slice::from_raw_parts(value.cast::<u8>(), size) }
        };
        headers.push((name, value));
    }
    headers
}
