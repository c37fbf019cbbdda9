//! Connections that the server ends.

use super::{new_outage, over_a_wire};
use crate::harness::App;
use diesel::{RunQueryDsl, sql_query};

/// Ends every session of the app's but the one that asks.
async fn end_sessions(app: &App) {
    app.in_database(|conn| {
        sql_query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(conn)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_the_server_has_ended_are_handed_to_nobody() {
    let Some((app, _wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    let outages = || eve.opens("/outages");
    let mut refused = 0;
    for round in 0..20 {
        let pages = tokio::join!(outages(), outages(), outages(), outages());
        refused += [pages.0, pages.1, pages.2, pages.3]
            .iter()
            .filter(|page| page.status != 200)
            .count();
        end_sessions(&app).await;
        let slug = format!("april-{round}");
        refused += usize::from(eve.sends("/outages", &new_outage(&slug)).await.status != 303);
    }
    assert!(refused <= 1, "{refused} were refused");
}
