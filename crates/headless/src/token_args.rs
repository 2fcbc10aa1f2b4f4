//! The options of `nosmoke tokens`.

use std::path::Path;

use clap::{Args as Arguments, Subcommand, ValueEnum};

use crate::folder_args::Folder;

#[derive(Debug, Arguments)]
pub struct TokensArgs {
    #[command(subcommand)]
    pub act: TokenAct,
}

#[derive(Debug, Subcommand)]
pub enum TokenAct {
    /// List the tokens, with when each was used last. Secrets aren't stored and can't be listed.
    List(Folder),
    /// Make a token for another program. Prints its secret, which is shown only now.
    Make {
        #[command(flatten)]
        folder: Folder,
        /// The name under which its records are shown, at every terminal.
        #[arg(long, value_name = "N")]
        name: String,
        /// What it may do, separated by commas.
        #[arg(long, value_delimiter = ',', required = true, value_name = "SCOPE")]
        scopes: Vec<ScopeArg>,
    },
    /// Give a token another secret; the earlier one is accepted for a day. With `owner`, D/gateway.token is replaced.
    Rotate {
        #[command(flatten)]
        folder: Folder,
        /// The token's id, or `owner`.
        id: String,
    },
    /// Revoke a token at once.
    Revoke {
        #[command(flatten)]
        folder: Folder,
        /// The token's id.
        id: String,
    },
}

impl TokenAct {
    pub fn folder(&self) -> &Path {
        match self {
            Self::List(folder)
            | Self::Make { folder, .. }
            | Self::Rotate { folder, .. }
            | Self::Revoke { folder, .. } => &folder.data_dir,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeArg {
    /// Check in.
    Enter,
    /// Check out.
    Leave,
    /// Pay with points.
    Pay,
    /// Read visits, payments and penalties, without names.
    Read,
    /// All that staff do, with names.
    Operate,
}

impl ScopeArg {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Leave => "leave",
            Self::Pay => "pay",
            Self::Read => "read",
            Self::Operate => "operate",
        }
    }
}

impl From<ScopeArg> for nosmoke_domain::words::Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Enter => Self::Enter,
            ScopeArg::Leave => Self::Leave,
            ScopeArg::Pay => Self::Pay,
            ScopeArg::Read => Self::Read,
            ScopeArg::Operate => Self::Operate,
        }
    }
}
