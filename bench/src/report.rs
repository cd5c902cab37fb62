//! The report of the measurements: a table on the terminal, the same as JSON, and plots.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::plot::{self, Bars};

/// A line of the table.
pub struct Line {
    what: String,
    measured: String,
    against: String,
    ratio: Option<f64>,
    /// The requirement, and whether it is met; `None` if the line is only for information.
    must: Option<(String, bool)>,
}

impl Line {
    /// A line for information.
    pub fn of(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self { what: what.into(), measured: measured.into(), against: String::new(), ratio: None, must: None }
    }

    /// Adds a comparison.
    #[must_use]
    pub fn against(mut self, against: impl Into<String>, ratio: f64) -> Self {
        self.against = against.into();
        self.ratio = Some(ratio);
        self
    }

    /// Adds a requirement.
    #[must_use]
    pub fn must(mut self, must: impl Into<String>, reached: bool) -> Self {
        self.must = Some((must.into(), reached));
        self
    }

    fn cells(&self) -> [String; 5] {
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let must = self
            .must
            .as_ref()
            .map_or_else(String::new, |(must, reached)| format!("{must}: {}", if *reached { "yes" } else { "NO" }));
        [self.what.clone(), self.measured.clone(), self.against.clone(), ratio, must]
    }

    fn json(&self) -> Value {
        json!({
            "what": self.what,
            "measured": self.measured,
            "against": self.against,
            "ratio": self.ratio,
            "must": self.must.as_ref().map(|(must, _)| must),
            "reached": self.must.as_ref().map(|(_, reached)| reached),
        })
    }
}

/// The results of one run.
#[derive(Default)]
pub struct Report {
    /// The table.
    pub lines: Vec<Line>,
    /// The plots.
    pub plots: Vec<Bars>,
    /// The database units of each endpoint.
    pub costs: Vec<Value>,
}

impl Report {
    /// Prints the table on standard output.
    pub fn print(&self) {
        let head = ["what", "measured", "against", "ratio", "must reach"].map(str::to_owned);
        let rows: Vec<[String; 5]> = std::iter::once(head).chain(self.lines.iter().map(Line::cells)).collect();
        let mut widths = [0; 5];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &rows {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            println!("{}", cells.join("  ").trim_end());
        }
    }

    /// Writes results.json, and beside it a plot for each comparison.
    pub fn write(&self, folder: &Path, run: &Value) -> io::Result<()> {
        let lines: Vec<Value> = self.lines.iter().map(Line::json).collect();
        let results = json!({"run": run, "lines": lines, "databaseCosts": self.costs});
        std::fs::write(folder.join("results.json"), format!("{results:#}\n"))?;
        for bars in &self.plots {
            std::fs::write(folder.join(format!("{}.svg", bars.name)), plot::svg(bars))?;
        }
        Ok(())
    }
}

/// A time as text.
pub fn time(duration: Duration) -> String {
    if duration < Duration::from_millis(1) {
        format!("{} µs", duration.as_micros())
    } else {
        format!("{:.2} ms", duration.as_secs_f64() * 1e3)
    }
}
