//! The options of `user`, `reporter` and `token`: who may come in.

use clap::{Args, Subcommand};

use super::At;

#[derive(Args)]
pub(crate) struct User {
    #[command(subcommand)]
    pub(crate) action: UserAction,
}

#[derive(Subcommand)]
pub(crate) enum UserAction {
    Add {
        name: String,
        #[arg(long)]
        role: String,
        #[arg(long, value_delimiter = ',')]
        regions: Vec<String>,
        #[command(flatten)]
        at: At,
        #[arg(long)]
        new: bool,
    },
    List {
        #[command(flatten)]
        at: At,
    },
    Revoke {
        name: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Args)]
pub(crate) struct Reporter {
    #[command(subcommand)]
    pub(crate) action: ReporterAction,
}

#[derive(Subcommand)]
pub(crate) enum ReporterAction {
    Add {
        label: String,
        #[arg(long)]
        region: String,
        #[command(flatten)]
        at: At,
        #[arg(long)]
        new: bool,
    },
    List {
        #[command(flatten)]
        at: At,
    },
    Revoke {
        label: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    pub(crate) action: TokenAction,
}

#[derive(Subcommand)]
pub(crate) enum TokenAction {
    Add {
        name: String,
        #[arg(long)]
        source: Option<String>,
        #[arg(long)]
        region: Option<String>,
        #[arg(long)]
        trusted: bool,
        #[arg(long, conflicts_with_all = ["trusted", "source"])]
        read: bool,
        #[command(flatten)]
        at: At,
        #[arg(long)]
        new: bool,
    },
    List {
        #[command(flatten)]
        at: At,
    },
    Revoke {
        name: String,
        #[command(flatten)]
        at: At,
    },
}
