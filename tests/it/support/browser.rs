//! A Chromium of one's own, headless: its sandbox is on, it never runs as root, and nothing but this machine can be reached.

use std::{
    os::unix::fs::{PermissionsExt as _, chown},
    path::Path,
    process::Stdio,
    time::Duration,
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use super::eventually;

const CHROMIUM: &str = "/usr/lib/chromium/chromium";
/// Who the browser runs as where the tests run as root: nobody.
pub(crate) const UNPRIVILEGED: u32 = 65534;
const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);

/// What kind of browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// A phone's screen instead of a desktop's; with touch where there is JavaScript, without which the driver's touch hangs.
    pub(crate) phone: bool,
    pub(crate) javascript: bool,
    pub(crate) dark: bool,
    /// What it says in `Accept-Language`, such as `ar` or `ar,en`.
    pub(crate) languages: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self { phone: false, javascript: true, dark: false, languages: "en" }
    }
}

/// A browser; it ends with the test.
pub(crate) struct Browser {
    client: Client,
    phone: bool,
    /// The screen of a phone without the rest of one.
    narrow: bool,
    /// The driver, and with it Chromium: both go when this is dropped, before their folder.
    _driver: Driver,
}

/// Chromedriver and what it started.
struct Driver {
    process: Child,
    group: Pid,
    home: Option<TempDir>,
}

/// A command that fantoccini does not know.
#[derive(Debug)]
struct Raw(&'static str, Value);

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.1.to_string()))
    }
}

/// The program as nobody where this is root, and ended with the thread that started it. The signal is set after the change of
/// user, which would clear it.
pub(crate) fn unprivileged(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    if geteuid().is_root() {
        let id = (format!("--reuid={UNPRIVILEGED}"), format!("--regid={UNPRIVILEGED}"));
        command.args([&id.0, &id.1, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]);
    }
    command.args(["--no-new-privs", "--pdeathsig=KILL", program]);
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8");
    command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command
}

async fn require_what_is_needed() {
    let installed = |path: &str| Path::new(path).exists();
    assert!(
        installed(CHROMIUM) && installed("/usr/bin/chromedriver"),
        "Chromium is not here: run `apt-get install chromium chromium-driver`, or cargo xtask test, which does"
    );
    // Without user namespaces Chromium ends at once, and chromedriver waits a minute for it.
    let mut namespaces = unprivileged("unshare");
    let allowed = namespaces.args(["--user", "true"]).status().await.is_ok_and(|status| status.success());
    assert!(allowed, "no user namespaces here, and Chromium's sandbox needs them: sysctl -w kernel.unprivileged_userns_clone=1");
}

fn home() -> TempDir {
    let home = tempfile::Builder::new().prefix("browser-").tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let inner = ["profile", "tmp", "run"].map(|name| home.path().join(name));
    for folder in &inner {
        std::fs::create_dir(folder).unwrap();
    }
    if geteuid().is_root() {
        for folder in inner.iter().map(std::path::PathBuf::as_path).chain([home.path()]) {
            chown(folder, Some(UNPRIVILEGED), Some(UNPRIVILEGED)).unwrap();
        }
    }
    home
}

impl Driver {
    /// Starts it; it and its port.
    async fn start() -> (Self, u16) {
        require_what_is_needed().await;
        let mut said = String::new();
        // It takes a free port of IPv4 and then wants the same one of IPv6, or the other way round, and ends where another program
        // was faster.
        for _ in 0..5 {
            let (driver, lines) = Self::spawn();
            let port =
                timeout(Duration::from_secs(20), port_of(lines)).await.expect("chromedriver says its port within 20 seconds");
            match port {
                Ok(port) => return (driver, port),
                Err(last_words) => said = last_words,
            }
        }
        panic!("chromedriver ended five times without a port: {said}")
    }

    fn spawn() -> (Self, Lines<BufReader<ChildStdout>>) {
        let home = home();
        let mut command = unprivileged("chromedriver");
        command
            .args(["--port=0", "--log-level=SEVERE"])
            .env("HOME", home.path())
            .env("TMPDIR", home.path().join("tmp"))
            .env("XDG_RUNTIME_DIR", home.path().join("run"))
            .current_dir(home.path())
            .stdout(Stdio::piped())
            .process_group(0);
        let mut process = command.spawn().expect("chromedriver starts");
        let group = Pid::from_raw(i32::try_from(process.id().unwrap()).unwrap()).unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        (Self { process, group, home: Some(home) }, lines)
    }
}

/// The port that it says it listens on, or else all that it said before its end.
async fn port_of(mut lines: Lines<BufReader<ChildStdout>>) -> Result<u16, String> {
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(port.trim_end_matches('.').parse().unwrap());
        }
        said.push(line);
    }
    Err(said.join(" "))
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Chromium is in the driver's process group, and ends too when the driver's end of its pipe closes.
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.process.start_kill();
        // It may still write its profile for a moment.
        let home = self.home.take().unwrap().keep();
        for _ in 0..40 {
            if std::fs::remove_dir_all(&home).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn capabilities(options: Options, profile: &Path) -> Capabilities {
    let (width, height) = if options.phone { PHONE } else { DESKTOP };
    let first_language = options.languages.split(',').next().unwrap();
    let args = [
        "--headless=new",
        "--disable-gpu",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-breakpad",
        "--disable-dev-shm-usage",
        "--no-pings",
        "--password-store=basic",
        "--use-mock-keychain",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
        "--force-prefers-reduced-motion",
        // No name but this machine's is resolved, and there is no proxy: nothing can leave.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
        "--no-proxy-server",
        "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
        // Chromium ends when this pipe closes, that is when chromedriver ends.
        "--remote-debugging-pipe",
    ];
    let mut args = args.map(str::to_owned).to_vec();
    args.push(format!("--user-data-dir={}", profile.display()));
    args.push(format!("--window-size={width},{height}"));
    args.push(format!("--lang={first_language}"));
    args.push(format!("--accept-lang={}", options.languages));
    let mut preferences = json!({
        "intl.accept_languages": options.languages,
        "credentials_enable_service": false,
        "profile.password_manager_leak_detection": false,
    });
    if !options.javascript {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    let mut chrome = json!({ "binary": CHROMIUM, "args": args, "prefs": preferences });
    if options.phone && options.javascript {
        chrome["mobileEmulation"] = json!({
            "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0, "touch": true, "mobile": true },
            "userAgent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        });
    }
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": chrome,
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "implicit": 0, "pageLoad": 20_000, "script": 10_000 },
        "unhandledPromptBehavior": "ignore",
    });
    serde_json::from_value(capabilities).unwrap()
}

impl Browser {
    /// A browser on an empty page.
    pub(crate) async fn start(options: Options) -> Self {
        let (driver, port) = Driver::start().await;
        let profile = driver.home.as_ref().unwrap().path().join("profile");
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities(options, &profile));
        let url = format!("http://127.0.0.1:{port}");
        let client = timeout(Duration::from_secs(40), builder.connect(&url)).await.expect("Chromium starts within 40 seconds");
        let narrow = options.phone && !options.javascript;
        let browser = Self { client: client.expect("Chromium starts"), phone: options.phone, narrow, _driver: driver };
        browser.narrow().await;
        if options.dark {
            let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
            browser.devtools("Emulation.setEmulatedMedia", dark).await;
        }
        browser
    }

    /// Lays this tab out as narrow as it is to be; a window cannot be.
    async fn narrow(&self) {
        if self.narrow {
            let size = json!({ "width": PHONE.0, "height": PHONE.1, "deviceScaleFactor": 1, "mobile": false });
            self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        }
    }

    /// A command of the DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Raw("goog/cdp/execute", body)).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Opens an address.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("cannot open {url}: {error}"));
    }

    /// The address in its address bar.
    pub(crate) async fn url(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// The path in its address bar.
    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    pub(crate) async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// What can be read on the page.
    pub(crate) async fn text(&self) -> String {
        // While a page is being replaced there may be no body, or one that has gone.
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until these words can be read on the page.
    pub(crate) async fn reads(&self, words: &str) {
        // Where a line ends is a matter of the layout.
        let is_there = async || {
            let text = self.text().await;
            let on_one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (text.contains(words) || on_one_line.contains(words)).then_some(())
        };
        if self.within(is_there).await.is_none() {
            panic!("{words:?} is not to be read on {}", self.seen().await);
        }
    }

    /// Where it is and what is there, for those who look for something else: on one line and no longer than a log keeps.
    async fn seen(&self) -> String {
        let text = self.text().await;
        let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = words.char_indices().nth(600) {
            words.truncate(end);
            words.push('\u{2026}');
        }
        format!("{}, with {}, which says: {words}", self.url().await, self.entered().await)
    }

    /// What was entered into the fields of the page; of passwords, how long they are.
    async fn entered(&self) -> Value {
        let fields = self.client.execute(
            "const state = ({ type, checked, value }) =>
                type === 'checkbox' || type === 'radio' ? checked : type === 'password' ? value.length : value.slice(0, 40);
            return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].map((field) => [field.name, state(field)])",
            Vec::new(),
        );
        fields.await.unwrap_or_default()
    }

    /// Looks again until there is something, at most 10 seconds, and then once more: while a page is being loaded, the driver keeps
    /// a look waiting, and what a slow machine shows after such a wait counts.
    async fn within<T, F: Future<Output = Option<T>>>(&self, mut look: impl FnMut() -> F) -> Option<T> {
        match timeout(Duration::from_secs(10), eventually("it", &mut look)).await {
            Ok(found) => Some(found),
            Err(_) => look().await,
        }
    }

    async fn look_for(&self, what: &str, locator: Locator<'_>) -> Element {
        match self.within(async || self.client.find(locator).await.ok()).await {
            Some(element) => element,
            None => panic!("there is no {what} on {}", self.seen().await),
        }
    }

    /// The first element for a selector, once it is there.
    pub(crate) async fn find(&self, css: &str) -> Element {
        self.look_for(css, Locator::Css(css)).await
    }

    /// How many elements there are now for a selector.
    pub(crate) async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.unwrap().len()
    }

    /// What stands in a field.
    pub(crate) async fn value(&self, field: &str) -> String {
        self.field(field).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// A field by its label, or by its name. Of a label, the words beside the field's name, such as "(optional)", are left out.
    pub(crate) async fn field(&self, label: &str) -> Element {
        let text = quoted(label);
        let labels = format!("//label[normalize-space(.)={text} or normalize-space(text()[1])={text}]");
        let fields = "*[self::input or self::select or self::textarea]";
        let path = format!("(//*[@id={labels}/@for] | //{fields}[@name={text}])[1]");
        self.look_for(&format!("field {label:?}"), Locator::XPath(&path)).await
    }

    /// Types into a field, in place of what was there; chooses in a list by what it shows.
    pub(crate) async fn fill(&self, label: &str, value: &str) {
        let field = self.field(label).await;
        let filled = if field.tag_name().await.unwrap() == "select" {
            field.select_by_label(value).await
        } else {
            field.clear().await.unwrap_or_else(|error| panic!("{label:?} cannot be changed: {error}"));
            field.send_keys(value).await
        };
        filled.unwrap_or_else(|error| panic!("{label:?} does not take {value:?}: {error}"));
    }

    /// Ticks a box.
    pub(crate) async fn tick(&self, label: &str) {
        let field = self.field(label).await;
        if !field.is_selected().await.unwrap() {
            field.click().await.unwrap_or_else(|error| panic!("{label:?} cannot be ticked: {error}"));
            assert!(field.is_selected().await.unwrap(), "{label:?} was pressed and is not ticked on {}", self.seen().await);
        }
    }

    /// Presses the button, or follows the link, that says this.
    pub(crate) async fn click(&self, words: &str) {
        let text = quoted(words);
        let main = format!("//main//*[self::button or self::a or self::summary][normalize-space(.)={text} or @aria-label={text}]");
        let element = self.look_for(&format!("button or link {words:?}"), Locator::XPath(&main)).await;
        self.press(&element, words).await;
    }

    /// Presses the first thing for a selector.
    pub(crate) async fn click_on(&self, css: &str) {
        let element = self.find(css).await;
        self.press(&element, css).await;
    }

    /// By the menu that every page of an account has.
    pub(crate) async fn logs_out(&self) {
        self.click_on("button[popovertarget=person]").await;
        self.click_on("#person form[action='/logout'] button").await;
    }

    async fn press(&self, element: &Element, what: &str) {
        element.click().await.unwrap_or_else(|error| panic!("{what:?} cannot be pressed: {error}"));
    }

    /// Types where the focus is.
    pub(crate) async fn types(&self, text: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(text).await.unwrap_or_else(|error| panic!("{text:?} cannot be typed: {error}"));
    }

    /// The id of what has the focus.
    pub(crate) async fn focused(&self) -> String {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.attr("id").await.unwrap().unwrap_or_default()
    }

    /// Goes into a frame, until the next page or tab.
    pub(crate) async fn enter_frame(&self, css: &str) {
        self.find(css).await.enter_frame().await.unwrap_or_else(|error| panic!("{css} cannot be entered: {error}"));
    }

    /// Opens an empty tab and goes on there.
    pub(crate) async fn new_tab(&self) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        self.narrow().await;
    }

    /// Goes on in the n-th tab (from 0), once there is one.
    pub(crate) async fn switch_to_tab(&self, n: usize) {
        let tab = self.within(async || self.client.windows().await.unwrap().get(n).cloned()).await;
        self.client.switch_to_window(tab.unwrap_or_else(|| panic!("there is no tab {n}"))).await.unwrap();
        self.narrow().await;
    }

    pub(crate) async fn forget_cookies(&self) {
        self.client.delete_all_cookies().await.unwrap();
    }

    /// What a script answers with `return`; the driver's scripts also run where the page's do not.
    pub(crate) async fn eval(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// People with assistive technology can use the page, as far as a program can tell.
    pub(crate) async fn is_accessible(&self) {
        let script = std::fs::read_to_string(identity_testbed::axe_core().unwrap()).unwrap();
        self.eval(&script).await;
        let run = "const done = arguments[0];
            axe.run({ resultTypes: ['violations'] }).then(({ violations }) => done(violations.map(({ id, help, nodes }) =>
                [id, help, nodes.map(({ html, any, all, none }) => [html, ...[...any, ...all, ...none].map((one) => one.message)])])),
                (error) => done([String(error)]))";
        let violations = self.client.execute_async(run, Vec::new()).await.unwrap();
        let page = self.client.current_url().await.unwrap();
        assert_eq!(violations, json!([]), "axe-core on {page}");
    }

    /// The page as the browser has it. As it was sent, it is not kept: pages are not to be stored.
    pub(crate) async fn source(&self) -> String {
        let html = self.eval("return document.documentElement.outerHTML").await;
        format!("<!doctype html>\n{}", html.as_str().unwrap())
    }

    /// How wide the page is laid out, in CSS pixels.
    pub(crate) async fn width(&self) -> u64 {
        self.eval("return innerWidth").await.as_u64().unwrap()
    }

    /// The whole page as a picture (PNG).
    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        let height = self.eval("return Math.max(document.documentElement.scrollHeight, innerHeight)").await.as_u64().unwrap();
        let (width, least) = if self.phone { PHONE } else { DESKTOP };
        let height = height.clamp(u64::from(least), 6000);
        let scale = if self.phone { 2 } else { 1 };
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": self.phone });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let picture = self.client.screenshot().await.unwrap();
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
        self.narrow().await;
        picture
    }

    /// What went wrong since the last call, as the console tells: scripts that failed, what the policy refused, what could not be
    /// loaded. That a page itself was answered with an error is what some tests are about.
    pub(crate) async fn console_errors(&self) -> Vec<String> {
        let log = self.client.issue_cmd(Raw("se/log", json!({ "type": "browser" }))).await.unwrap();
        let entries = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        let lines = entries.map(|entry| format!("[{}] {}", entry["source"].as_str().unwrap(), entry["message"].as_str().unwrap()));
        let is_answer = |line: &String| line.contains("the server responded with a status of") && !line.contains("/assets/");
        lines.filter(|line| !is_answer(line)).collect()
    }

    /// Nothing went wrong on the page, nothing runs off its side, and it says which language it is in.
    pub(crate) async fn is_sound(&self, language: &str) {
        let seen = self.eval(
            "const root = document.documentElement;
            return [root.scrollWidth <= root.clientWidth, root.lang, root.dir, document.title.length > 0,
                document.querySelectorAll('h1').length, document.querySelectorAll('main').length,
                /Unknown localization/.test(document.documentElement.textContent),
                [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                    .filter((field) => !field.labels.length).map((field) => field.name)]",
        );
        // Not innerWidth: a phone zooms out until what runs off the side fits.
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        assert_eq!(
            seen.await,
            json!([true, language, direction, true, 1, 1, false, []]),
            "whether nothing runs off the side, language, direction, whether there is a title, h1s, mains, a text that is missing, and fields without a label \
             of {}",
            self.seen().await
        );
        assert_eq!(self.console_errors().await, Vec::<String>::new(), "on {}", self.url().await);
    }
}

/// A text as XPath has it.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
