//! The bytes of a connection, watched.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use identity_http::Patience;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::head::HeadLines;

/// A connection whose peer has to take what it is sent, and whose heads have proper lines.
pub(super) struct Watched<S> {
    stream: S,
    lines: HeadLines,
    patience: Patience,
    /// Since when the peer has not taken what is there for it, and when that is over.
    stalled: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Watched<S> {
    /// Ends where the peer keeps what is to be written waiting for `patience`, or takes it slower than the least rate.
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, lines: HeadLines::default(), patience: Patience::new(patience), stalled: None }
    }

    /// What became of a write: the peer's time runs while it takes nothing.
    fn paced(&mut self, written: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                if let Some((since, _)) = self.stalled.take() {
                    self.patience = self.patience.after(since.elapsed(), bytes);
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let left = self.patience.left();
                let (_, end) = self.stalled.get_or_insert_with(|| {
                    let now = Instant::now();
                    (now, Box::pin(sleep_until(now + left)))
                });
                ready!(end.as_mut().poll(cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not take its answer")))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        self.lines.check(buf.filled_mut().get_mut(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.paced(written, cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.paced(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const LONGEST: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_left() {
        let (ours, _theirs) = duplex(1024);
        let started = Instant::now();
        let error = Watched::new(ours, LONGEST).write_all(&[7; 4096]).await.unwrap_err();
        assert_eq!((error.kind(), started.elapsed().as_secs()), (io::ErrorKind::TimedOut, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_a_byte_now_and_then_is_left_too() {
        let (ours, mut theirs) = duplex(1024);
        let slow = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(10));
            loop {
                ticks.tick().await;
                if theirs.read_u8().await.is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        assert!(Watched::new(ours, LONGEST).write_all(&[7; 1 << 16]).await.is_err());
        assert!(started.elapsed() <= LONGEST + Duration::from_secs(1), "{:?}", started.elapsed());
        slow.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_peer_gets_everything() {
        let (ours, mut theirs) = duplex(1024);
        let slow = tokio::spawn(async move {
            let (mut ticks, mut bytes, mut taken) = (tokio::time::interval(Duration::from_secs(1)), [0; 2048], 0);
            loop {
                ticks.tick().await;
                match theirs.read(&mut bytes).await {
                    Ok(0) | Err(_) => return taken,
                    Ok(count) => taken += count,
                }
            }
        });
        let mut watched = Watched::new(ours, LONGEST);
        watched.write_all(&[7; 100_000]).await.unwrap();
        drop(watched);
        assert_eq!(slow.await.unwrap(), 100_000);
    }
}
