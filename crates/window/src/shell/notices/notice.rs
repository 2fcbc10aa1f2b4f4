//! The notices and their words. They are in Rust, because a page that nobody sees may be stopped by the web view; and they are
//! fixed sentences, so that no notification can name a person.

use nosmoke_ports::contract::{ContextName, JobKind, Language};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Notice {
    JobDone(JobKind),
    JobFailed(JobKind),
    /// Somebody stopped the context, through the gateway for example.
    ContextStopped(ContextName),
    ContextFailing(ContextName),
    DiskFull,
    OfflineLong,
}

impl Notice {
    /// Returns the title and the text.
    pub(crate) fn words(self, language: Language) -> (&'static str, String) {
        match language {
            Language::Ko => ("흡연구역 데스크", self.korean()),
            Language::En => ("Smoking-area desk", self.english()),
        }
    }

    fn korean(self) -> String {
        match self {
            Self::JobDone(kind) => format!("{} 끝났습니다.", job(kind).0),
            Self::JobFailed(kind) => format!("{} 실패했습니다. 창을 열어 이유를 확인해 주세요.", job(kind).0),
            Self::ContextStopped(name) => {
                format!("‘{}’ 서비스가 중지되었습니다. 서비스 화면에서 확인해 주세요.", context(name).0)
            }
            Self::ContextFailing(name) => {
                format!("‘{}’ 서비스에 오류가 계속됩니다. 서비스 화면에서 확인해 주세요.", context(name).0)
            }
            Self::DiskFull => {
                "이 컴퓨터의 저장 공간이 거의 없습니다. 공간을 비우지 않으면 기록할 수 없게 됩니다.".to_owned()
            }
            Self::OfflineLong => {
                "30분째 다른 단말과 연결되지 않았습니다. 기록은 이 컴퓨터에 저장됩니다. 랜선과 공유기를 확인해 주세요."
                    .to_owned()
            }
        }
    }

    fn english(self) -> String {
        match self {
            Self::JobDone(kind) => format!("{} is done.", job(kind).1),
            Self::JobFailed(kind) => format!("{} has failed. Open the window to see why.", job(kind).1),
            Self::ContextStopped(name) => format!("The service {} was stopped. See the Services screen.", context(name).1),
            Self::ContextFailing(name) => {
                format!("The service {} keeps failing. See the Services screen.", context(name).1)
            }
            Self::DiskFull => {
                "This computer's disk is almost full. Free some space, or nothing more can be recorded.".to_owned()
            }
            Self::OfflineLong => {
                "No connection to the other terminals for 30 minutes. What you record is stored on this computer. Check the network."
                    .to_owned()
            }
        }
    }
}

/// The job as the subject of a sentence, in Korean and in English.
const fn job(kind: JobKind) -> (&'static str, &'static str) {
    match kind {
        JobKind::Export => ("내보내기가", "The export"),
        JobKind::Import => ("고객 가져오기가", "The import"),
        JobKind::TakeBackImport => ("가져오기 되돌리기가", "Taking back the import"),
        JobKind::Backup => ("백업이", "The backup"),
        JobKind::Restore => ("백업에서 되살리기가", "The restore"),
        JobKind::Demonstration => ("시범 시설 열기가", "Opening the demonstration"),
        JobKind::Reclaim => ("포인트 회수가", "Reclaiming points"),
        JobKind::Diagnostics => ("진단 파일 만들기가", "Writing the diagnostics"),
        JobKind::PreviewRules => ("규칙 미리보기가", "The preview of the rules"),
    }
}

const fn context(name: ContextName) -> (&'static str, &'static str) {
    match name {
        ContextName::CheckIn => ("체크인", "Check-in"),
        ContextName::Point => ("포인트", "Points"),
        ContextName::Pay => ("결제", "Payments"),
        ContextName::Penalty => ("패널티", "Penalties"),
        ContextName::Mypage => ("마이페이지", "Mypage"),
        ContextName::Publisher => ("보내기", "Sending"),
        ContextName::Consumer => ("받기", "Receiving"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_notice_says_in_both_languages_what_to_do() {
        let failed = Notice::JobFailed(JobKind::Backup);
        assert_eq!(failed.words(Language::Ko).1, "백업이 실패했습니다. 창을 열어 이유를 확인해 주세요.");
        assert_eq!(failed.words(Language::En).1, "The backup has failed. Open the window to see why.");
        let stopped = Notice::ContextStopped(ContextName::Point).words(Language::Ko);
        assert_eq!(
            stopped,
            ("흡연구역 데스크", "‘포인트’ 서비스가 중지되었습니다. 서비스 화면에서 확인해 주세요.".into())
        );
    }
}
