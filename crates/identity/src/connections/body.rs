//! The body of a request, watched.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::phase::Phase;

/// A body that says when its connection waits for it.
pub(super) struct WatchedBody {
    body: Incoming,
    phase: Phase,
    is_waiting: bool,
}

impl WatchedBody {
    pub(super) const fn new(body: Incoming, phase: Phase) -> Self {
        Self { body, phase, is_waiting: false }
    }
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        // Its wait is counted from where it began: bytes now and then are no progress to speak of.
        if polled.is_pending() && !self.is_waiting {
            self.is_waiting = true;
            self.phase.wait();
        } else if matches!(polled, Poll::Ready(None | Some(Err(_)))) || self.body.is_end_stream() {
            self.phase.work();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.phase.work();
    }
}
