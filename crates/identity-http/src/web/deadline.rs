//! An end to every request: one to our work on it, and another to the wait for its body.

use std::{
    io,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::patience::Patience;
use crate::problem::Problem;

/// How long we may work on a request. The wait for its body does not count.
const WORK: Duration = Duration::from_secs(20);

/// How long a client may send nothing of a body. It also has to send 1 KiB a second on average.
const SILENCE: Duration = Duration::from_secs(20);

/// How often it is looked at how long we have worked, where a body was waited for.
const LOOK: Duration = Duration::from_millis(250);

/// Ends what takes too long: the work with 503, which no browser repeats by itself as they do after 408, and the wait for a body with
/// an error in the place of its rest.
pub(crate) async fn set(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let waits = Waits::default();
    let request = request.map(|body| Body::new(PatientBody::new(body, waits.clone())));
    let mut answer = pin!(next.run(request));
    loop {
        let left = WORK.saturating_sub(started.elapsed().saturating_sub(waits.total()));
        if left.is_zero() {
            tracing::error!("a request was worked on for too long");
            return Problem::too_long().into_response();
        }
        if let Ok(response) = timeout(left.max(LOOK), answer.as_mut()).await {
            return if waits.are_over() { Problem::too_slow().into_response() } else { response };
        }
    }
}

/// How long the body of one request was waited for.
#[derive(Clone, Default)]
struct Waits(Arc<Mutex<Waited>>);

#[derive(Clone, Copy, Default)]
struct Waited {
    total: Duration,
    since: Option<Instant>,
    is_over: bool,
}

impl Waits {
    fn change<T>(&self, change: impl FnOnce(&mut Waited) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn total(&self) -> Duration {
        self.change(|waited| waited.total + waited.since.map_or(Duration::ZERO, |since| since.elapsed()))
    }

    /// Whether the wait was given up.
    fn are_over(&self) -> bool {
        self.change(|waited| waited.is_over)
    }

    /// A wait begins, where none has.
    fn begin(&self) -> Instant {
        self.change(|waited| *waited.since.get_or_insert_with(Instant::now))
    }

    /// A wait ends; says how long it was.
    fn end(&self) -> Duration {
        self.change(|waited| {
            let wait = waited.since.take().map_or(Duration::ZERO, |since| since.elapsed());
            waited.total += wait;
            wait
        })
    }
}

/// A body that is waited for no longer than its sender deserves.
struct PatientBody {
    body: Body,
    waits: Waits,
    patience: Patience,
    end: Option<Pin<Box<Sleep>>>,
}

impl PatientBody {
    fn new(body: Body, waits: Waits) -> Self {
        Self { body, waits, patience: Patience::new(SILENCE), end: None }
    }
}

impl HttpBody for PatientBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            let waited = this.waits.end();
            let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map_or(0, Bytes::len);
            this.patience = this.patience.after(waited, bytes);
            this.end = None;
            return Poll::Ready(frame);
        }
        let (since, left) = (this.waits.begin(), this.patience.left());
        let end = this.end.get_or_insert_with(|| Box::pin(sleep_until(since + left)));
        if end.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        this.waits.end();
        this.waits.change(|waited| waited.is_over = true);
        Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for PatientBody {
    fn drop(&mut self) {
        self.waits.end();
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::StatusCode, middleware::from_fn, routing::post};
    use tokio::{sync::mpsc, time::sleep};
    use tower::ServiceExt as _;

    use super::*;

    /// A body of pieces that come one a second, and then ends or stands still.
    struct Pieces {
        pieces: mpsc::Receiver<Bytes>,
    }

    impl HttpBody for Pieces {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            self.pieces.poll_recv(cx).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the clock of these tests stands still but for what they wait for")]
    async fn pass(seconds: u64) {
        sleep(Duration::from_secs(seconds)).await;
    }

    /// The answer to a body of `pieces` of so many bytes, one every so many seconds, and how many seconds it took.
    async fn answer(pieces: u64, bytes: usize, every: u64, ends: bool, work: u64) -> (StatusCode, u64) {
        let handler = move |body: Bytes| async move {
            pass(work).await;
            body.len().to_string()
        };
        let router = Router::new().route("/", post(handler)).layer(from_fn(set));
        let (sender, receiver) = mpsc::channel(1);
        let sending = tokio::spawn(async move {
            for _ in 0..pieces {
                pass(every).await;
                if sender.send(Bytes::from(vec![b'x'; bytes])).await.is_err() {
                    return;
                }
            }
            if !ends {
                sender.closed().await;
            }
        });
        let started = Instant::now();
        let body = Body::new(Pieces { pieces: receiver });
        let response = router.oneshot(Request::post("/").body(body).unwrap()).await.unwrap();
        sending.abort();
        (response.status(), started.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_uplink_gets_its_picture_through() {
        assert_eq!(answer(60, 20_000, 1, true, 1).await, (StatusCode::OK, 61));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stands_still_or_trickles_is_given_up() {
        assert_eq!(answer(3, 20_000, 1, false, 0).await, (StatusCode::BAD_REQUEST, 23));
        let (status, seconds) = answer(10_000, 10, 1, true, 0).await;
        assert_eq!((status, seconds < 25), (StatusCode::BAD_REQUEST, true), "{seconds} s");
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_takes_too_long_ends_with_503_and_when_to_try_again() {
        assert_eq!(answer(30, 20_000, 1, true, 10).await, (StatusCode::OK, 40));
        assert_eq!(answer(30, 20_000, 1, true, 60).await, (StatusCode::SERVICE_UNAVAILABLE, 50));
    }
}
