//! The preview of a draft of the rules, kept until the next one begins.

use nosmoke_application::jobs::preview_rules;
use nosmoke_ports::contract::{AppError, Job, JobKind, RulesPreview};

use super::Shell;

impl Shell {
    pub(crate) async fn preview_rules(&self) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let kept = self.rules_preview.clone();
        self.jobs.start(JobKind::PreviewRules, |progress| async move {
            *kept.lock().await = None;
            let found = preview_rules(&queries, progress).await?;
            *kept.lock().await = Some(found);
            Ok(None)
        })
    }

    pub(crate) async fn rules_preview(&self) -> Option<RulesPreview> {
        self.rules_preview.lock().await.clone()
    }
}
