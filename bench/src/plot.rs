//! Bar charts as SVG, readable on light and on dark backgrounds.

use std::fmt::Write as _;

/// A bar chart.
pub struct Bars {
    /// The name of the file, without its extension.
    pub name: &'static str,
    /// The title.
    pub title: String,
    /// The unit of the values.
    pub unit: &'static str,
    /// The bars, with their labels and values.
    pub bars: Vec<(String, f64)>,
    /// The limit of the values, with its label.
    pub bound: Option<(String, f64)>,
}

const LABEL: f64 = 230.0;
const LENGTH: f64 = 420.0;
const VALUE: f64 = 90.0;
const HEIGHT: f64 = 22.0;
const TOP: f64 = 44.0;

/// The text of the SVG file.
pub fn svg(plot: &Bars) -> String {
    let bound = plot.bound.as_ref().map(|(_, bound)| *bound);
    let longest = plot.bars.iter().map(|(_, value)| *value).chain(bound).fold(f64::MIN_POSITIVE, f64::max);
    let scale = LENGTH / longest;
    let rows = plot.bars.iter().fold(0.0, |rows, _| rows + 1.0);
    let (width, height) = (LABEL + LENGTH + VALUE, TOP + rows * HEIGHT + 28.0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <style>text{{fill:#24292f}}.bar{{fill:#4078c0}}.bound{{stroke:#c0392b;stroke-dasharray:4 3}}\
         @media(prefers-color-scheme:dark){{text{{fill:#d0d7de}}.bar{{fill:#6ea8fe}}}}</style>\n\
         <title>{title}</title>\n<text x=\"8\" y=\"20\" font-size=\"14\" font-weight=\"600\">{title}</text>\n",
        title = escaped(&plot.title)
    );
    let mut y = TOP;
    for (label, value) in &plot.bars {
        let middle = y + HEIGHT * 0.65;
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>\
             <rect class=\"bar\" x=\"{LABEL}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\"/>\
             <text x=\"{:.1}\" y=\"{middle:.1}\">{value:.2} {}</text>",
            LABEL - 8.0,
            escaped(label),
            y + 3.0,
            value * scale,
            HEIGHT - 6.0,
            LABEL + value * scale + 6.0,
            escaped(plot.unit)
        );
        y += HEIGHT;
    }
    if let Some((label, bound)) = &plot.bound {
        let x = LABEL + bound * scale;
        let _ = writeln!(
            text,
            "<line class=\"bound\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            y + 4.0,
            y + 18.0,
            escaped(label)
        );
    }
    text.push_str("</svg>\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_escaped_and_to_scale() {
        let bars = vec![("a < b".to_owned(), 1.0), ("c".to_owned(), 2.0)];
        let plot =
            Bars { name: "x", title: "T & U".to_owned(), unit: "ms", bars, bound: Some(("bound".to_owned(), 4.0)) };
        let text = svg(&plot);
        assert!(text.contains("T &amp; U") && text.contains("a &lt; b"), "{text}");
        assert!(text.contains("width=\"105.0\"") && text.contains("width=\"210.0\""), "{text}");
        assert!(text.contains("x1=\"650.0\""), "{text}");
    }
}
