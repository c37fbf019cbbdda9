use super::*;
use jiff::ToSpan;
use jiff::civil::date;

/// Every hour of a week between 8:00 and 21:00.
fn week() -> Vec<DateTime> {
    let monday = date(2026, 4, 13);
    let days = (0..7).map(|day| monday.checked_add(day.days()).unwrap());
    days.flat_map(|day| (8..21).map(move |hour| day.at(hour, 30, 0, 0)))
        .collect()
}

#[test]
fn a_ratio_is_one_in_the_mean_of_a_week() {
    for line in [Line::Landline, Line::Mobile, Line::Personal, Line::Business] {
        let all: Vec<f64> = week().into_iter().map(|hour| line.index(hour)).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        assert!((mean - 1.0).abs() < 0.005, "{line:?} {mean}");
    }
}

#[test]
fn people_pick_up_in_the_evening_and_offices_before_noon() {
    let wednesday = date(2026, 4, 15);
    let [ten, six] = [10, 18].map(|hour| wednesday.at(hour, 0, 0, 0));
    assert!(Line::Personal.index(six) > 1.1 * Line::Personal.index(ten));
    assert!(Line::Business.index(ten) > 1.2 * Line::Business.index(six));
}

#[test]
fn each_try_in_vain_tells_less_than_the_one_before() {
    let chances: Vec<f64> = (0..6)
        .map(|tries| 0.30 * doublings_after(2 * tries).exp2())
        .collect();
    let told: Vec<String> = chances.iter().map(|chance| format!("{chance:.2}")).collect();
    assert_eq!(told, ["0.30", "0.25", "0.22", "0.19", "0.17", "0.16"]);
}

#[test]
fn the_tax_tells_an_office_from_a_home() {
    for tax in ["Sales", "Withholding", "Corporate Income", "Motor Fuel"] {
        assert_eq!(Line::of_tax(Some(tax)), Line::Business, "{tax}");
    }
    for tax in ["Individual Income", "Estimated Income", "Extension Payment"] {
        assert_eq!(Line::of_tax(Some(tax)), Line::Personal, "{tax}");
    }
    assert_eq!(Line::of_tax(None), Line::Personal);
}
