use super::*;
use secrecy::SecretString;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// How a server that has had enough goes on.
#[derive(Clone, Copy)]
enum Then {
    /// It says nothing more.
    Silent,
    /// It says something now and then that never ends.
    Trickles,
}

/// A server that answers until it is asked for this.
fn server(stops_at: &'static str, then: Then) -> ImapUrl {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let _ = talks(socket, stops_at, then); // who gives up goes
        }
    });
    ImapUrl {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: ImapEncryption::None,
        user: "bounces".to_owned(),
        password: SecretString::from("right"),
        folder: "INBOX".to_owned(),
    }
}

fn talks(mut socket: TcpStream, stops_at: &str, then: Then) -> std::io::Result<()> {
    if stops_at == "our call" {
        return stops(&mut socket, then);
    }
    socket.write_all(b"* OK ready\r\n")?;
    let mut tag = String::new();
    for line in BufReader::new(socket.try_clone()?).lines() {
        let line = line?;
        if line.contains(stops_at) {
            return stops(&mut socket, then);
        }
        if let Some((first, _)) = line.split_once(' ').filter(|(first, _)| first.starts_with('m')) {
            first.clone_into(&mut tag);
        }
        let answer = match line.as_str() {
            line if line.ends_with('}') => "+ go on\r\n".to_owned(),
            line if line.contains("SEARCH") => format!("* SEARCH 7\r\n{tag} OK\r\n"),
            line if line.contains("FETCH") => format!("* 1 FETCH (BODY[]<0> {{2}}\r\nhi)\r\n{tag} OK\r\n"),
            _ => format!("{tag} OK\r\n"),
        };
        socket.write_all(answer.as_bytes())?;
    }
    Ok(())
}

fn stops(socket: &mut TcpStream, then: Then) -> std::io::Result<()> {
    loop {
        std::thread::sleep(Duration::from_millis(50));
        if matches!(then, Then::Trickles) {
            socket.write_all(b"* OK still here\r\n")?;
        }
    }
}

/// Reads a mailbox as the worker does.
fn reads(url: &ImapUrl, limits: Limits) -> Result<()> {
    let mut mailbox = Imap::open(url, limits)?;
    for number in mailbox.unread(5)? {
        assert_eq!(mailbox.content(number)?.as_deref(), Some(&b"hi"[..]));
        mailbox.mark_read(number)?;
    }
    mailbox.close();
    Ok(())
}

/// Everything is waited for long, but this phase.
fn short_in(phase: &str) -> Limits {
    let limit = |own: &str| {
        let own = own == phase;
        if own {
            Duration::from_millis(400)
        } else {
            Duration::from_secs(60)
        }
    };
    Limits {
        door: limit("our call"),
        login: limit("LOGIN"),
        select: limit("SELECT"),
        search: limit("SEARCH"),
        fetch: limit("FETCH"),
        store: limit("STORE"),
        logout: limit("LOGOUT"),
    }
}

#[test]
fn a_server_that_falls_silent_or_never_ends_is_left_in_whatever_phase() {
    for then in [Then::Silent, Then::Trickles] {
        for phase in ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"] {
            let told = reads(&server(phase, then), short_in(phase))
                .unwrap_err()
                .to_string();
            assert!(told.contains(&format!("no whole answer to {phase} in")), "{told}");
        }
    }
    let told = reads(&server("our call", Then::Silent), short_in("our call"));
    assert!(
        told.unwrap_err()
            .to_string()
            .contains("no whole answer to our call")
    );
}

#[test]
fn nobody_waits_for_a_goodbye() {
    let asked = Instant::now();
    reads(&server("LOGOUT", Then::Silent), short_in("LOGOUT")).unwrap();
    assert!(asked.elapsed() < Duration::from_secs(50), "{:?}", asked.elapsed());
    reads(&server("nothing", Then::Silent), Limits::USUAL).unwrap();
}
