//! What a client's message waits for while its connection asks elsewhere: the catalog read again,
//! whether consent was withdrawn. Nothing more is taken from the client meanwhile.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::connection::Connection;
use super::end::{End, catalog_unreadable};
use super::gateway::CatalogFault;
use crate::wire::session::{Narrowed, Wait};

/// How long reading the catalog may take: a lock of another session may stand in its way.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the answer about withdrawals may take.
const CONSENT_TIMEOUT: Duration = Duration::from_secs(10);

impl Connection {
    /// Has the catalog read again, by the session itself where only it can see what there is.
    pub(super) fn read_catalog(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        let stale = self.session.is_catalog_stale();
        let source = &self.shared.gateway.catalog;
        if self.session.sees_its_own() {
            let queries = source.queries();
            if !queries.is_empty() {
                // The others are to see at once what has been committed.
                if stale && self.session.is_idle() {
                    tokio::spawn(source.refresh());
                }
                self.begin_turn();
                self.session.ask_catalog(&queries, &mut self.turn);
                self.server.send(cx, &self.turn.onward, &[])?;
                self.client_waits = Wait::Server;
                return Ok(());
            }
        }
        if !stale && self.shared.has_just_refreshed() {
            self.session.refreshed();
            self.client_waits = Wait::Server;
            return Ok(());
        }
        let reading = tokio::time::timeout(REFRESH_TIMEOUT, source.refresh());
        self.refreshing = Some(Box::pin(async { reading.await.unwrap_or(Err(CatalogFault)) }));
        Ok(())
    }

    /// Takes up what the session has seen for itself.
    pub(super) fn take_answers(&mut self) -> Result<(), End> {
        let Some(answers) = self.session.take_answers() else { return Ok(()) };
        match self.shared.gateway.catalog.overlay(answers) {
            Ok(own) => self.world.see(Some(own)),
            Err(_) => return Err(End::Refused(Box::new(catalog_unreadable()))),
        }
        self.session.refreshed();
        Ok(())
    }

    pub(super) fn poll_refresh(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let Some(refreshing) = &mut self.refreshing else { return Ok(false) };
        let Poll::Ready(result) = Pin::new(refreshing).poll(cx) else { return Ok(false) };
        self.refreshing = None;
        match result {
            Ok(_) => {
                self.shared.note_refresh();
                self.world.see(None);
            }
            // What changed is not known: nothing may be judged under the old names.
            Err(_) if self.session.is_catalog_stale() => {
                return Err(End::Refused(Box::new(catalog_unreadable())));
            }
            Err(_) => {}
        }
        self.session.refreshed();
        self.client_waits = Wait::Server;
        Ok(true)
    }

    /// Asks whether consent was withdrawn that an older snapshot does not show.
    pub(super) fn ask_consent(&mut self) {
        let Some(question) = self.session.consent_question() else { return };
        let asking = self.shared.gateway.consent.narrowed(question);
        let asking = tokio::time::timeout(CONSENT_TIMEOUT, asking);
        self.asking = Some(Box::pin(async { asking.await.unwrap_or(Narrowed::Unknown) }));
    }

    pub(super) fn poll_consent(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(asking) = &mut self.asking else { return false };
        let Poll::Ready(answer) = Pin::new(asking).poll(cx) else { return false };
        self.asking = None;
        self.session.consent_answered(answer);
        self.client_waits = Wait::Server;
        true
    }
}
