//! A host: an axum app of one's own, with identity in it. `docs/embedding.md` quotes this file.

mod tests;

use std::{collections::BTreeMap, error::Error, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::get,
};
use identity_core::{
    flow::Flows,
    model::{Settings, setup::SetupSettings},
    port::{Mailer, NoBreachData, NoDisposableDomains, NoPictures, Ports, Store},
    value::{EmailAddress, Language, PublicUrl, PublicUrlError, TokenSecret},
};
use identity_crypto::{Argon2Hasher, HashingPool, OsEntropy, PoolConfig, PoolError, SystemClock, Zxcvbn};
use identity_http::{App, HttpSettings, ReturnToOrigins, TrustedProxies};
use identity_phone::NumberingPlans;
use secrecy::ExposeSecret as _;
use tokio::{
    net::TcpListener,
    sync::watch,
    time::{MissedTickBehavior, interval},
};

/// The whole host. `show` gets the first operator's link while there is no operator: print it, and keep it out of logs.
async fn run(
    ports: Ports,
    settings: Settings,
    listener: TcpListener,
    show: impl FnOnce(&str),
    mut stop: watch::Receiver<bool>,
) -> Result<(), Box<dyn Error>> {
    let settings = Arc::new(settings);
    let flows = Arc::new(Flows::new(&ports, &settings));
    if let Some(link) = begin(&flows).await?.and_then(|secret| settings.public_url.link(&secret)) {
        show(link.expose_secret());
    }
    let worker = tokio::spawn(work(flows, stop.clone()));
    let app = app(ports, settings)?.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(async move { drop(stop.changed().await) }).await?;
    Ok(worker.await?)
}

/// What identity needs of this host.
fn ports(store: Arc<dyn Store>, mailer: Arc<dyn Mailer>) -> Result<Ports, PoolError> {
    let pool = HashingPool::new(&PoolConfig::default())?;
    Ok(Ports {
        store,
        mailer,
        hasher: Arc::new(Argon2Hasher::new(pool)),
        meter: Arc::new(Zxcvbn::default()),
        breached: Arc::new(NoBreachData),
        disposable: Arc::new(NoDisposableDomains),
        pictures: Arc::new(NoPictures),
        phone_numbers: Arc::new(NumberingPlans),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    })
}

fn settings(public_url: &str) -> Result<Settings, PublicUrlError> {
    let standard = Settings::new("Acme", PublicUrl::parse(public_url)?);
    // It welcomes people by itself.
    Ok(Settings { setup: SetupSettings { enabled: false, ..SetupSettings::default() }, ..standard })
}

/// At every start. Answers the secret of the first operator's link, while there is no operator.
async fn begin(flows: &Flows) -> Result<Option<TokenSecret>, Box<dyn Error>> {
    let terms = BTreeMap::from([(Language::english(), "Ask us which terms apply.".to_owned())]);
    flows.prepare.run(terms).await?;
    Ok(flows.set_up.run().await?)
}

/// Beside the requests, until it is told to stop.
async fn work(flows: Arc<Flows>, mut stop: watch::Receiver<bool>) {
    let (mut mail, mut sweep) = (interval(Duration::from_millis(250)), interval(Duration::from_secs(600)));
    mail.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // Whatever fails is tried again at the next tick.
        tokio::select! {
            _ = stop.changed() => return,
            _ = mail.tick() => {
                let stopping = || *stop.borrow();
                if let Err(error) = flows.deliver.run(stopping).await {
                    tracing::error!(%error, "mail was not worked off");
                }
            }
            _ = sweep.tick() => {
                if let Err(error) = flows.sweep_lapsed.run().await {
                    tracing::error!(%error, "what has lapsed was not taken away");
                }
                if let Err(error) = flows.erase_accounts.run().await {
                    tracing::error!(%error, "not every account was erased whose time has come");
                }
            }
        }
    }
}

/// The host's own routes; identity's pages and API answer everything else.
fn app(ports: Ports, settings: Arc<Settings>) -> Result<Router, Box<dyn Error>> {
    let http = HttpSettings {
        trusted_proxies: TrustedProxies::default(),
        support: EmailAddress::parse("help@acme.example")?,
        cookie_domain: None,
        return_to_origins: ReturnToOrigins::default(),
        start_url: None,
        security_txt: None,
    };
    let identity = App::new(ports, settings, http, None);
    let routes = Router::new().route("/reports", get(reports)).with_state(identity.clone());
    Ok(routes.fallback_service(identity_http::router(identity)))
}

/// A route of the host's own, for whoever is signed in.
async fn reports(State(identity): State<App>, method: Method, headers: HeaderMap) -> Result<String, StatusCode> {
    let found = identity.signed_in(&method, &headers).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let user = found.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(format!("The reports of {}", user.account.full_name()))
}
