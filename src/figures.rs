//! What machines that watch this one are told in numbers: counters and a histogram in Prometheus' terms.
//!
//! An answer is counted into its bucket at once and remembered nowhere else: memory follows how many routes there are, not how
//! many requests there were, whether or not anybody reads the figures. (A recorder that lists what it measured until somebody
//! counts it held twelve megabytes for two seconds of a flood.)

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::LazyLock;
use std::time::Duration;

/// Upper bounds of the histogram, in seconds.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How [`text()`] is to be announced to whoever asks for it.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Which requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Answered {
    /// One of a closed set: whoever asks may invent others.
    pub method: &'static str,
    /// The route's pattern, never the address that was asked for.
    pub route: String,
    /// The HTTP status.
    pub status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

struct Figures {
    registry: Registry,
    answers: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    deliveries: Family<Outcome, Counter>,
}

/// The process's one set of figures.
static FIGURES: LazyLock<Figures> = LazyLock::new(|| {
    let mut registry = Registry::with_prefix("makegood");
    let answers = Family::default();
    registry.register("http_requests", "Requests answered", answers.clone());
    let seconds = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
    registry.register("http_request_seconds", "How long requests took", seconds.clone());
    let deliveries = Family::default();
    registry.register(
        "mail_deliveries",
        "What became of e-mails handed to the mail server",
        deliveries.clone(),
    );
    Figures {
        registry,
        answers,
        seconds,
        deliveries,
    }
});

/// Counts one answer and how long it took.
pub fn answered(answered: &Answered, took: Duration) {
    let route = Route {
        route: answered.route.clone(),
    };
    FIGURES.answers.get_or_create(answered).inc();
    FIGURES.seconds.get_or_create(&route).observe(took.as_secs_f64());
}

/// Counts what became of one e-mail.
pub fn delivered(outcome: &'static str) {
    FIGURES.deliveries.get_or_create(&Outcome { outcome }).inc();
}

/// All figures as text, in the OpenMetrics form that Prometheus reads.
///
/// # Errors
/// None that happens: it is written to memory.
pub fn text() -> Result<String, std::fmt::Error> {
    let mut written = String::new();
    text::encode(&mut written, &FIGURES.registry)?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_into_their_buckets_at_once() {
        let of = |status| Answered {
            method: "GET",
            route: "/counted/{here}".to_owned(),
            status,
        };
        answered(&of(200), Duration::from_millis(7));
        answered(&of(200), Duration::from_millis(300));
        answered(&of(404), Duration::from_secs(60));
        delivered("of-this-test");
        let text = text().unwrap();
        for line in [
            "makegood_http_requests_total{method=\"GET\",route=\"/counted/{here}\",status=\"200\"} 2\n",
            "makegood_http_requests_total{method=\"GET\",route=\"/counted/{here}\",status=\"404\"} 1\n",
            "makegood_http_request_seconds_bucket{le=\"0.005\",route=\"/counted/{here}\"} 0\n",
            "makegood_http_request_seconds_bucket{le=\"0.01\",route=\"/counted/{here}\"} 1\n",
            "makegood_http_request_seconds_bucket{le=\"0.5\",route=\"/counted/{here}\"} 2\n",
            "makegood_http_request_seconds_bucket{le=\"+Inf\",route=\"/counted/{here}\"} 3\n",
            "makegood_http_request_seconds_count{route=\"/counted/{here}\"} 3\n",
            "makegood_mail_deliveries_total{outcome=\"of-this-test\"} 1\n",
        ] {
            assert!(text.contains(line), "{line} not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }
}
