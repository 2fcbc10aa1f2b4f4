//! Slips on this terminal's receipt printer.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_application::settings::printer;
use nosmoke_composition::{Printing, check_printer, slip_view};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{
    AccessAct, AppError, ErrorCode, PageSize, PrintInput, PrinterSetting, PrinterView, SlipView,
};
use nosmoke_ports::{Access, StoreError, read};
use serde_json::json;

use super::Shell;

const PAGE_MIN_MM: u32 = 40;
const WIDTH_MAX_MM: u32 = 300;
const HEIGHT_MAX_MM: u32 = 2_000;

impl Shell {
    pub(crate) async fn printer(&self) -> Result<PrinterView, AppError> {
        let setting = self.printer_setting().await?;
        let waiting = self.printing.as_ref().map(|printing| printing.waiting()).unwrap_or_default();
        Ok(PrinterView { setting, waiting })
    }

    pub(crate) async fn save_printer(&self, setting: PrinterSetting) -> Result<PrinterView, AppError> {
        check_printer(&setting)?;
        printer::keep(&*self.terminal().await?.core.journal, setting).await?;
        self.printer().await
    }

    /// Hands a slip over to the printer. Whether it comes out shows among the waiting slips.
    pub(crate) async fn print_slip(&self, input: PrintInput) -> Result<PrinterView, AppError> {
        let setting = self.printer_setting().await?;
        let terminal = self.terminal().await?;
        let (content, customer) = terminal.queries.slip(input).await?;
        let at = terminal.core.present.moment();
        // Drawing takes some milliseconds.
        let printing = self.printing()?;
        let printed = tokio::task::spawn_blocking(move || printing.print(&setting, input, &content, at)).await;
        printed.map_err(|error| internal(&error.to_string()))??;
        self.note_slip(customer).await;
        self.printer().await
    }

    /// Sends a failed slip again as it is now: what it says may have changed, and the printer too.
    pub(crate) async fn retry_slip(&self, id: u64) -> Result<PrinterView, AppError> {
        let printing = self.printing()?;
        if let Some(input) = printing.failed(id) {
            let setting = self.printer_setting().await?;
            let (content, customer) = self.terminal().await?.queries.slip(input).await?;
            let printed = tokio::task::spawn_blocking(move || printing.try_again(&setting, id, &content)).await;
            printed.map_err(|error| internal(&error.to_string()))??;
            self.note_slip(customer).await;
        }
        self.printer().await
    }

    /// Returns a slip for the system's printers, on the paper of this terminal's printer.
    pub(crate) async fn slip_view(&self, input: PrintInput) -> Result<SlipView, AppError> {
        let roll = self.printer_setting().await?.roll;
        let (content, customer) = self.terminal().await?.queries.slip(input).await?;
        let view = slip_view(roll, &content)?;
        self.note_slip(customer).await;
        Ok(view)
    }

    /// Prints what the page shows by the system's dialog, or into a file without it.
    pub(crate) fn print_page(&self, page: PageSize, to: Option<PathBuf>) -> Result<(), AppError> {
        for (field, mm, max) in [("widthMm", page.width_mm, WIDTH_MAX_MM), ("heightMm", page.height_mm, HEIGHT_MAX_MM)]
        {
            if !(PAGE_MIN_MM..=max).contains(&mm) {
                let params = json!({ "field": field, "min": PAGE_MIN_MM, "max": max });
                return Err(AppError::with(ErrorCode::OutOfRange, params));
            }
        }
        self.host().print_page(page, to).map_err(|detail| internal(&detail))
    }

    async fn note_slip(&self, customer: Option<CustomerId>) {
        if customer.is_some() {
            self.note(Access::done(self.by().await, AccessAct::Printed).of(customer)).await;
        }
    }

    pub(crate) async fn discard_slip(&self, id: u64) -> Result<PrinterView, AppError> {
        self.printing()?.discard(id);
        self.printer().await
    }

    fn printing(&self) -> Result<Arc<Printing>, AppError> {
        self.printing.clone().ok_or_else(|| internal("the system can start no thread for the printer"))
    }

    async fn printer_setting(&self) -> Result<PrinterSetting, AppError> {
        let terminal = self.terminal().await?;
        Ok(read::<_, StoreError>(&*terminal.core.journal, |tx| printer::kept(tx)).await?)
    }
}

fn internal(detail: &str) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": detail }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::io::Read as _;
    use std::net::TcpListener;
    use std::path::Path;
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, Instant};

    use nosmoke_composition::Environment;
    use serde_json::Value;

    use super::*;
    use crate::calls::answer;
    use crate::host::Event;
    use crate::testing::FakeHost;

    async fn call(shell: &Shell, name: &str, input: Value) -> Result<Value, AppError> {
        answer(shell, name, input, None).await.map(|json| serde_json::from_str(&json).unwrap())
    }

    /// A facility with a customer who has 1,000 P, and that customer's id.
    async fn desk(folder: &Path) -> (Arc<FakeHost>, Shell, String) {
        let host = Arc::new(FakeHost::default());
        let shell = Shell::new(host.clone(), Some(folder.join("data")), None, Environment::of_system("test", "0"));
        call(&shell, "start", Value::Null).await.unwrap();
        let set_up = json!({
            "facilityName": "한빛역", "terminalName": "단말", "areas": [{ "name": "옥상" }], "managerName": "박", "pin": "135790",
        });
        call(&shell, "set_up", set_up).await.unwrap();
        let profile = json!({ "name": "추가람", "card": "22040391" });
        let saved = record(&shell, "1", json!({ "type": "registerCustomer", "profile": profile })).await;
        let customer = saved["customerId"].as_str().unwrap().to_owned();
        let adjust = json!({ "type": "adjustPoints", "customerId": customer, "points": 1_000, "reason": "goodwill" });
        record(&shell, "2", adjust).await;
        (host, shell, customer)
    }

    async fn record(shell: &Shell, key: &str, command: Value) -> Value {
        call(shell, "record", json!({ "idempotencyKey": key, "command": command })).await.unwrap()
    }

    async fn pay(shell: &Shell, customer: &str, key: &str, points: u64) -> String {
        let paid = record(shell, key, json!({ "type": "pay", "customerId": customer, "points": points })).await;
        paid["paymentId"].as_str().unwrap().to_owned()
    }

    async fn set_printer(shell: &Shell, address: &str) {
        let place = json!({ "type": "network", "address": address });
        let setting = json!({ "place": place, "roll": "mm58", "hangul": "cp949" });
        call(shell, "save_printer", setting).await.unwrap();
    }

    /// A printer on this computer: its address, and what each connection brings.
    fn printer() -> (String, mpsc::Receiver<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, arrived) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut bytes = Vec::new();
                stream.unwrap().read_to_end(&mut bytes).unwrap();
                sender.send(bytes).unwrap();
            }
        });
        (address, arrived)
    }

    /// The text of a slip that was sent as text.
    fn text(bytes: &[u8]) -> String {
        encoding_rs::EUC_KR.decode(bytes).0.into_owned()
    }

    async fn waiting(shell: &Shell) -> Value {
        call(shell, "printer", Value::Null).await.unwrap()["waiting"].clone()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_receipt_says_the_same_whenever_it_is_printed() {
        let folder = tempfile::tempdir().unwrap();
        let (host, shell, customer) = desk(folder.path()).await;
        let (address, arrived) = printer();
        set_printer(&shell, &address).await;
        let first = pay(&shell, &customer, "3", 300).await;
        // Slips have the figures of their millisecond.
        tokio::time::sleep(Duration::from_millis(5)).await;
        pay(&shell, &customer, "4", 200).await;
        let slip = json!({ "type": "receipt", "paymentId": first });
        call(&shell, "print_slip", json!({ "slip": slip, "reprint": false })).await.unwrap();
        let receipt = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
        for part in ["한빛역", "결제 영수증", "추○람", "300 P", "700 P"] {
            assert!(receipt.contains(part), "{part}: {receipt}");
        }
        assert!(!receipt.contains("추가람") && !receipt.contains("500 P") && !receipt.contains("다시 인쇄"));
        call(&shell, "print_slip", json!({ "slip": slip, "reprint": true })).await.unwrap();
        let again = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
        assert!(again.contains("다시 인쇄") && again.contains("700 P"));
        assert!(host.events().contains(&Event::Printer(())));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_card_has_the_whole_name_and_the_notice_of_a_penalty_how_to_appeal() {
        let folder = tempfile::tempdir().unwrap();
        let (_host, shell, customer) = desk(folder.path()).await;
        let (address, arrived) = printer();
        set_printer(&shell, &address).await;
        let slip = json!({ "type": "card", "customerId": customer });
        call(&shell, "print_slip", json!({ "slip": slip, "reprint": false })).await.unwrap();
        let card = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
        assert!(card.contains("추가람") && card.contains("22040391"));
        let impose = json!({ "type": "imposePenalty", "customerId": customer, "code": "BASIC" });
        let imposed = record(&shell, "3", impose).await;
        let slip = json!({ "type": "penalty", "penaltyId": imposed["penaltyId"] });
        call(&shell, "print_slip", json!({ "slip": slip, "reprint": false })).await.unwrap();
        let notice = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
        for part in ["비흡연구역 흡연", "10점", "이의가 있으면", "추○람"] {
            assert!(notice.contains(part), "{part}: {notice}");
        }
        let entries = call(&shell, "slip_entries", json!({ "limit": 10 })).await.unwrap();
        assert_eq!(entries.as_array().unwrap().len(), 1);
        assert_eq!(entries[0]["kind"], "penaltyImposed");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_printer_that_is_away_holds_up_no_record() {
        let folder = tempfile::tempdir().unwrap();
        let (_host, shell, customer) = desk(folder.path()).await;
        // Nothing listens there any more.
        let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        set_printer(&shell, &away).await;
        let payment = pay(&shell, &customer, "3", 100).await;
        let slip = json!({ "type": "receipt", "paymentId": payment });
        call(&shell, "print_slip", json!({ "slip": slip, "reprint": false })).await.unwrap();
        pay(&shell, &customer, "4", 100).await;
        let began = Instant::now();
        while waiting(&shell).await[0]["fault"].is_null() {
            assert!(began.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let failed = waiting(&shell).await;
        let [failed] = failed.as_array().unwrap().as_slice() else { panic!("{failed}") };
        assert!(failed["at"].as_i64().unwrap() > 1_700_000_000_000);
        assert_eq!((&failed["kind"], &failed["whose"]), (&json!("receipt"), &json!("추○람")));
        assert_eq!((&failed["id"], &failed["fault"]), (&json!(1), &json!("unreachable")));
        // Printed again, on the printer that is set now, with what is true now.
        let void = json!({ "type": "voidPayment", "paymentId": payment, "reason": "mistaken" });
        record(&shell, "5", void).await;
        let (address, arrived) = printer();
        set_printer(&shell, &address).await;
        call(&shell, "retry_slip", json!(1)).await.unwrap();
        let slip = text(&arrived.recv_timeout(Duration::from_secs(10)).unwrap());
        assert!(slip.contains("100 P") && slip.contains("취소"), "{slip}");
        let began = Instant::now();
        while waiting(&shell).await != json!([]) {
            assert!(began.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[tokio::test]
    async fn a_wrong_address_is_refused_and_the_earlier_printer_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (_host, shell, _) = desk(folder.path()).await;
        set_printer(&shell, "192.0.2.1").await;
        let place = json!({ "type": "usb", "path": "/dev/sda" });
        let wrong = json!({ "place": place, "roll": "mm80", "hangul": "picture" });
        let error = call(&shell, "save_printer", wrong).await.unwrap_err();
        assert_eq!((error.code, &error.params["reason"]), (ErrorCode::PrinterAddress, &json!("device")));
        let kept = call(&shell, "printer", Value::Null).await.unwrap();
        assert_eq!(kept["setting"]["place"], json!({ "type": "network", "address": "192.0.2.1" }));
    }
}
