//! Prints slips on this terminal's receipt printer, beside the desk: nothing here waits for a printer.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_paper::{
    Align, BadAddress, Block, Failure, JobId, JobState, Limits, Paper, PrintError, PrintJob, PrintQueue,
    PrinterAddress, Size, bytes, customer, fits, slip,
};
use nosmoke_ports::contract::{
    AppError, ErrorCode, PrintFault, PrinterPlace, PrinterSetting, Roll, SlipAlign, SlipBlock, SlipInput, SlipKind,
    SlipView, WaitingSlip,
};
use nosmoke_ports::slips::SlipContent;
use serde_json::json;

/// The slips that aren't on paper yet. They live as long as the program, in memory only.
#[derive(Debug)]
pub struct Printing {
    queue: PrintQueue<Handed>,
}

/// What is known of a slip in the list.
#[derive(Debug, Clone)]
struct Handed {
    input: SlipInput,
    kind: SlipKind,
    whose: Option<String>,
    at: DateTime<Utc>,
    on_paper: OnPaper,
}

/// Called on the printer's thread when a slip is on paper, whole or in part. It must not wait.
#[derive(Clone)]
pub struct OnPaper(Arc<dyn Fn() + Send + Sync>);

impl OnPaper {
    pub fn new(call: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    pub fn call(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for OnPaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnPaper")
    }
}

/// A slip that failed, to be printed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedSlip {
    pub input: SlipInput,
    /// Whether a part of it may be on paper.
    pub partly: bool,
}

impl Printing {
    /// Starts the thread that sends slips. `notify` is called whenever the waiting slips have changed.
    ///
    /// # Errors
    /// The system can start no thread.
    pub fn start(notify: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        Ok(Self { queue: PrintQueue::start(Limits::USUAL, notify, |handed: Handed| handed.on_paper.call())? })
    }

    /// The slips that wait, are being printed or failed.
    pub fn waiting(&self) -> Vec<WaitingSlip> {
        let waiting = |PrintJob { id, what: Handed { kind, whose, at, .. }, state }: PrintJob<Handed>| WaitingSlip {
            id: id.0,
            kind,
            whose,
            at: at.timestamp_millis(),
            sending: state == JobState::Printing,
            partly: matches!(state, JobState::Failed(Failure { partly: true, .. })),
            fault: match state {
                JobState::Waiting | JobState::Printing => None,
                JobState::Failed(Failure { error, .. }) => Some(fault(&error)),
            },
        };
        self.queue.jobs().into_iter().map(waiting).collect()
    }

    /// Hands a slip over to the printer and returns at once. `on_paper` is called when it has come out, whole or in part.
    ///
    /// # Errors
    /// `no_printer`, `printer_address`, `no_card` for a card whose number fits no code, `print_queue_full`.
    pub fn print(
        &self,
        setting: &PrinterSetting,
        input: SlipInput,
        content: &SlipContent,
        at: DateTime<Utc>,
        on_paper: OnPaper,
    ) -> Result<(), AppError> {
        let to = address(setting)?;
        let bytes = drawn(setting, content)?;
        let handed = Handed { input, kind: content.kind(), whose: customer(content), at, on_paper };
        let added = self.queue.add(to, bytes, handed);
        added.map(drop).map_err(|full| AppError::with(ErrorCode::PrintQueueFull, json!({ "max": full.max })))
    }

    /// Whether the slip of this payment or penalty waits or is being printed.
    pub fn is_under_way(&self, input: SlipInput) -> bool {
        let is_it = |job: &PrintJob<Handed>| job.what.input == input && !matches!(job.state, JobState::Failed(_));
        input.entry().is_some() && self.queue.jobs().iter().any(is_it)
    }

    /// Returns what was asked for in a slip that failed.
    pub fn failed(&self, id: u64) -> Option<FailedSlip> {
        self.queue.jobs().into_iter().find(|job| job.id == JobId(id)).and_then(|job| match job.state {
            JobState::Waiting | JobState::Printing => None,
            JobState::Failed(Failure { partly, .. }) => Some(FailedSlip { input: job.what.input, partly }),
        })
    }

    /// Sends a failed slip again, to the printer that is set now. Does nothing if it is no longer among the failed ones.
    ///
    /// # Errors
    /// `no_printer`, `printer_address`, `no_card`.
    pub fn try_again(&self, setting: &PrinterSetting, id: u64, content: &SlipContent) -> Result<(), AppError> {
        self.queue.try_again(JobId(id), address(setting)?, drawn(setting, content)?);
        Ok(())
    }

    /// Takes a slip out of the waiting ones, unless it is being printed.
    pub fn discard(&self, id: u64) {
        self.queue.discard(JobId(id));
    }

    /// Forgets all slips; the one that is being printed still comes out.
    pub fn clear(&self) {
        self.queue.clear();
    }
}

/// The bytes of a slip for the printer that is set.
fn drawn(setting: &PrinterSetting, content: &SlipContent) -> Result<Vec<u8>, AppError> {
    let slip = slip(content).map_err(|_| AppError::new(ErrorCode::NoCard))?;
    Ok(bytes(&slip, Paper { roll: setting.roll, hangul: setting.hangul }))
}

/// Returns a slip for the system's printers.
///
/// # Errors
/// `no_card` for a card whose number fits no code.
pub fn slip_view(roll: Roll, content: &SlipContent) -> Result<SlipView, AppError> {
    let laid_out = slip(content).map_err(|_| AppError::new(ErrorCode::NoCard))?;
    let readable = |block: &Block| match block {
        Block::Code(code) => fits(code, roll),
        Block::Text { .. } | Block::Pair { .. } | Block::Rule | Block::Gap => true,
    };
    let blocks = laid_out.blocks.into_iter().filter(readable).map(block).collect();
    Ok(SlipView { kind: content.kind(), roll, blocks })
}

fn block(block: Block) -> SlipBlock {
    match block {
        Block::Text { text, style } => SlipBlock::Text {
            text,
            align: match style.align {
                Align::Left => SlipAlign::Left,
                Align::Center => SlipAlign::Center,
                Align::Right => SlipAlign::Right,
            },
            bold: style.bold,
            large: style.size == Size::Large,
        },
        Block::Pair { label, value, bold } => SlipBlock::Pair { label, value, bold },
        Block::Rule => SlipBlock::Rule,
        Block::Gap => SlipBlock::Gap,
        Block::Code(code) => {
            let row = |row: &Vec<bool>| row.iter().map(|black| if *black { '1' } else { '0' }).collect();
            SlipBlock::Code { bars: code.is_bars(), rows: code.modules().iter().map(row).collect() }
        }
    }
}

/// Checks a setting before it is saved. A terminal without a printer is fine.
///
/// # Errors
/// `printer_address`.
pub fn check_printer(setting: &PrinterSetting) -> Result<(), AppError> {
    match setting.place {
        PrinterPlace::None => Ok(()),
        PrinterPlace::Network { .. } | PrinterPlace::Usb { .. } => address(setting).map(drop),
    }
}

fn address(setting: &PrinterSetting) -> Result<PrinterAddress, AppError> {
    let parsed = match &setting.place {
        PrinterPlace::None => return Err(AppError::new(ErrorCode::NoPrinter)),
        PrinterPlace::Network { address } => PrinterAddress::network(address),
        PrinterPlace::Usb { path } => PrinterAddress::usb(path),
    };
    parsed.map_err(|bad| {
        let reason = match bad {
            BadAddress::Empty => "empty",
            BadAddress::Host => "host",
            BadAddress::Port => "port",
            BadAddress::Device => "device",
        };
        AppError::with(ErrorCode::PrinterAddress, json!({ "reason": reason }))
    })
}

const fn fault(error: &PrintError) -> PrintFault {
    match error {
        PrintError::UnknownHost => PrintFault::UnknownHost,
        PrintError::Unreachable => PrintFault::Unreachable,
        PrintError::Refused => PrintFault::Refused,
        PrintError::NoPaper => PrintFault::NoPaper,
        PrintError::CoverOpen => PrintFault::CoverOpen,
        PrintError::NotTaking => PrintFault::NotTaking,
        PrintError::CutOff => PrintFault::CutOff,
        PrintError::Unconfirmed => PrintFault::Unconfirmed,
        PrintError::NoDevice => PrintFault::NoDevice,
        PrintError::NoPermission => PrintFault::NoPermission,
        PrintError::Busy => PrintFault::Busy,
        PrintError::Unsupported => PrintFault::Unsupported,
        PrintError::Faulty | PrintError::Other(_) => PrintFault::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(place: PrinterPlace) -> PrinterSetting {
        PrinterSetting { place, ..PrinterSetting::default() }
    }

    #[test]
    fn an_address_that_no_printer_has_is_refused_with_the_reason() {
        let network = |address: &str| on(PrinterPlace::Network { address: address.into() });
        let usb = |path: &str| on(PrinterPlace::Usb { path: path.into() });
        for good in [on(PrinterPlace::None), network("192.168.0.50"), network("printer:9101"), usb("/dev/usb/lp0")] {
            assert_eq!(check_printer(&good), Ok(()), "{good:?}");
        }
        for (bad, reason) in [
            (network(" "), "empty"),
            (network("프린터"), "host"),
            (network("printer:x"), "port"),
            (usb("/home/desk/journal.db"), "device"),
        ] {
            let error = check_printer(&bad).unwrap_err();
            assert_eq!((error.code, &error.params["reason"]), (ErrorCode::PrinterAddress, &json!(reason)));
        }
    }

    fn slip_with(card: &str, roll: Roll) -> usize {
        let content = SlipContent::Card(nosmoke_ports::slips::Card {
            language: nosmoke_ports::contract::Language::Ko,
            facility: "한빛역".into(),
            customer: nosmoke_ports::slips::Whose::Named("추가람".into()),
            number: card.into(),
        });
        let blocks = slip_view(roll, &content).unwrap().blocks;
        blocks.iter().filter(|block| matches!(block, SlipBlock::Code { .. })).count()
    }

    #[test]
    fn a_bar_code_that_is_too_wide_for_the_paper_is_left_out() {
        let long = "NS-".repeat(16);
        assert_eq!([Roll::Mm58, Roll::Mm80].map(|roll| slip_with("22040391", roll)), [2, 2]);
        assert_eq!([Roll::Mm58, Roll::Mm80].map(|roll| slip_with(&long, roll)), [1, 1]);
    }

    #[test]
    fn nothing_is_printed_without_a_printer() {
        let printing = Printing::start(|| {}).unwrap();
        let content = SlipContent::Test(nosmoke_ports::slips::TestPrint {
            language: nosmoke_ports::contract::Language::Ko,
            at: DateTime::UNIX_EPOCH,
        });
        let (setting, on_paper) = (on(PrinterPlace::None), OnPaper::new(|| {}));
        let printed = printing.print(&setting, SlipInput::Test, &content, DateTime::UNIX_EPOCH, on_paper);
        let error = printed.unwrap_err();
        assert_eq!(error.code, ErrorCode::NoPrinter);
        assert!(printing.waiting().is_empty());
    }
}
