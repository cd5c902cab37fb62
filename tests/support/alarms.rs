//! What `CloudWatch` does with measurements: it aggregates them by period, and evaluates the alarms of template.yaml.
//!
//! As AWS describes it: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html>,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>. Only what the alarms of the
//! template use is here; anything else panics.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// One value of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The namespace and the name.
    pub metric: (String, String),
    /// The function of a metric of Lambda; empty for others.
    pub function: String,
    /// The value.
    pub value: f64,
}

impl Measurement {
    /// A measurement of a metric that is not a function's.
    pub fn new(namespace: &str, name: &str, value: f64) -> Self {
        Self { metric: (namespace.to_owned(), name.to_owned()), function: String::new(), value }
    }

    /// What `CloudWatch` makes of a line of the log, if the line is in the embedded metric format: the measurements that
    /// have no dimension but the log group.
    pub fn in_line(line: &Value) -> Vec<Self> {
        let mut found = Vec::new();
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten() {
            if directive["Dimensions"] != serde_json::json!([["LogGroup"]]) {
                continue;
            }
            let namespace = directive["Namespace"].as_str().expect("a namespace");
            for metric in directive["Metrics"].as_array().expect("metrics") {
                let name = metric["Name"].as_str().expect("a name");
                found.push(Self::new(namespace, name, line[name].as_f64().expect("a number")));
            }
        }
        found
    }
}

/// What was measured in each minute.
pub type Minutes = Vec<Vec<Measurement>>;

/// The state of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does not go off.
    Ok,
    /// It goes off.
    Alarm,
}

/// The alarms of a template, by logical id.
pub struct Alarms<'template>(pub &'template BTreeMap<String, Value>);

impl Alarms<'_> {
    /// The states of an alarm after each of these minutes. Before them, nothing was measured.
    pub fn states(&self, name: &str, minutes: &Minutes) -> Vec<State> {
        let properties = self.0.get(name).unwrap_or_else(|| panic!("there is no alarm {name}"));
        let Some(rule) = properties["AlarmRule"].as_str() else { return metric_states(properties, minutes) };
        // `ALARM("name")` is 1 or 0.
        let rule = rule.replace("ALARM(\"", "").replace("\")", "");
        let rule = Expression::parse(&rule);
        let parts: BTreeMap<&str, Vec<State>> =
            rule.names().into_iter().map(|part| (part, self.states(part, minutes))).collect();
        let at = |minute: usize| rule.value(&|part| Some(if parts[part][minute] == State::Alarm { 1.0 } else { 0.0 }));
        (0..minutes.len()).map(|minute| state(at(minute) == Some(1.0))).collect()
    }

    /// Whether an alarm goes off in these minutes.
    pub fn goes_off(&self, name: &str, minutes: &Minutes) -> bool {
        self.states(name, minutes).contains(&State::Alarm)
    }
}

fn state(is_alarm: bool) -> State {
    if is_alarm { State::Alarm } else { State::Ok }
}

/// One query of an alarm for a statistic of a metric.
struct Query {
    namespace: String,
    name: String,
    function: String,
    statistic: String,
    /// In minutes.
    period: usize,
}

impl Query {
    fn of(metric: &Value, statistic: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut dimensions = metric["Dimensions"].as_array().into_iter().flatten();
        let function = dimensions.find(|dimension| dimension["Name"] == "FunctionName");
        let period = statistic["Period"].as_u64().expect("a period");
        let names = ["Stat", "Statistic", "ExtendedStatistic"];
        Self {
            namespace: text(&metric["Namespace"]),
            name: text(&metric["MetricName"]),
            function: function.map(|dimension| text(&dimension["Value"])).unwrap_or_default(),
            statistic: names.into_iter().find_map(|name| statistic[name].as_str()).expect("a statistic").to_owned(),
            period: usize::try_from(period).expect("a period") / 60,
        }
    }

    /// The values of each minute.
    fn values(&self, minutes: &Minutes) -> Vec<Vec<f64>> {
        let is_own = |it: &&Measurement| {
            let (namespace, name) = &it.metric;
            *namespace == self.namespace && *name == self.name && it.function == self.function
        };
        minutes.iter().map(|minute| minute.iter().filter(is_own).map(|it| it.value).collect()).collect()
    }

    /// The values in the period that ends with this minute, or so many periods before its end.
    fn in_period(&self, values: &[Vec<f64>], last: usize, periods_before: usize) -> Vec<f64> {
        let end = (last + 1).saturating_sub(periods_before * self.period);
        values[end.saturating_sub(self.period)..end].concat()
    }

    fn statistic(&self, mut values: Vec<f64>) -> Option<f64> {
        values.sort_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "these are small numbers")]
        let count = values.len() as f64;
        let largest = values.iter().copied().next_back()?;
        Some(match self.statistic.as_str() {
            "Sum" => values.iter().sum(),
            "Average" => values.iter().sum::<f64>() / count,
            "Maximum" => largest,
            // The least value that is not exceeded by 99 % of all.
            "p99" => values[(values.len() * 99).div_ceil(100) - 1],
            other => panic!("the statistic {other}"),
        })
    }
}

fn metric_states(properties: &Value, minutes: &Minutes) -> Vec<State> {
    let mut queries: BTreeMap<&str, Query> = BTreeMap::new();
    let mut watched = "metric";
    let mut expression = Expression::parse(watched);
    match properties["Metrics"].as_array() {
        None => drop(queries.insert(watched, Query::of(properties, properties))),
        Some(metrics) => {
            for metric in metrics {
                let id = metric["Id"].as_str().expect("an id");
                match metric["Expression"].as_str() {
                    Some(text) => (watched, expression) = (id, Expression::parse(text)),
                    None => drop(queries.insert(id, Query::of(&metric["MetricStat"]["Metric"], &metric["MetricStat"]))),
                }
            }
        }
    }
    assert!(!watched.is_empty());
    let number = |name: &str| usize::try_from(properties[name].as_u64().expect("a number")).expect("a number");
    let evaluated = number("EvaluationPeriods");
    let needed = if properties["DatapointsToAlarm"].is_null() { evaluated } else { number("DatapointsToAlarm") };
    let threshold = properties["Threshold"].as_f64().expect("a threshold");
    let breaches = |value: f64| match properties["ComparisonOperator"].as_str() {
        Some("GreaterThanThreshold") => value > threshold,
        Some("GreaterThanOrEqualToThreshold") => value >= threshold,
        other => panic!("the operator {other:?}"),
    };
    let missing_breaches = match properties["TreatMissingData"].as_str() {
        Some("breaching") => true,
        Some("notBreaching") => false,
        other => panic!("missing data as {other:?}"),
    };
    let values: BTreeMap<&str, Vec<Vec<f64>>> =
        queries.iter().map(|(id, query)| (*id, query.values(minutes))).collect();
    let mut states = Vec::new();
    for last in 0..minutes.len() {
        let values = |id: &str, before: usize| queries[id].in_period(&values[id], last, before);
        let samples = |id: &str| (0..evaluated).map(|before| values(id, before).len()).sum::<usize>();
        // With fewer than 10 / (1 - 0.99) values, a percentile says nothing.
        if properties["EvaluateLowSampleCountPercentile"] == "ignore" && queries.keys().any(|id| samples(id) < 1_000) {
            states.push(*states.iter().next_back().unwrap_or(&State::Ok));
            continue;
        }
        let point = |before: usize| expression.value(&|id| queries[id].statistic(values(id, before)));
        let points: Vec<Option<bool>> = (0..evaluated + EXTRA).map(|before| point(before).map(breaches)).collect();
        states.push(state(is_alarm(&points, evaluated, needed, missing_breaches)));
    }
    states
}

/// How many periods more than it evaluates `CloudWatch` reads, as in the examples of its documentation.
const EXTRA: usize = 2;

/// Whether these points, the latest first, make an alarm. What is missing is used as few times as possible.
fn is_alarm(points: &[Option<bool>], evaluated: usize, needed: usize, missing_breaches: bool) -> bool {
    let present = points.iter().copied().flatten();
    let filled = present.chain(std::iter::repeat(missing_breaches));
    filled.take(evaluated).filter(|breaches| *breaches).count() >= needed
}

/// An expression of metric math, or a rule of a composite alarm.
enum Expression {
    Number(f64),
    Name(String),
    Operation(String, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

impl Expression {
    fn parse(text: &str) -> Self {
        let spaced: String =
            text.chars().flat_map(|it| if "()[],+-*/".contains(it) { vec![' ', it, ' '] } else { vec![it] }).collect();
        let mut tokens: Vec<&str> = spaced.split_whitespace().rev().collect();
        let expression = Self::operation(&mut tokens, 0);
        assert!(tokens.is_empty(), "{text}: {tokens:?} is left");
        expression
    }

    /// An operation of operators that bind at least as strongly as those at this level.
    fn operation(tokens: &mut Vec<&str>, level: usize) -> Self {
        const LEVELS: [&[&str]; 5] = [&["OR"], &["AND"], &[">", ">=", "<", "<="], &["+", "-"], &["*", "/"]];
        let Some(operators) = LEVELS.get(level) else { return Self::operand(tokens) };
        let mut left = Self::operation(tokens, level + 1);
        while let Some(operator) = tokens.pop_if(|token| operators.contains(token)) {
            left = Self::Operation(operator.to_owned(), Box::new(left), Box::new(Self::operation(tokens, level + 1)));
        }
        left
    }

    fn operand(tokens: &mut Vec<&str>) -> Self {
        let token = tokens.pop().expect("an operand");
        if token == "(" {
            let inner = Self::operation(tokens, 0);
            assert_eq!(tokens.pop(), Some(")"));
            return inner;
        }
        if let Ok(number) = token.parse() {
            return Self::Number(number);
        }
        if tokens.pop_if(|next| *next == "(").is_none() {
            return Self::Name(token.to_owned());
        }
        let is_list = tokens.pop_if(|next| *next == "[").is_some();
        let mut arguments = vec![Self::operation(tokens, 0)];
        while tokens.pop_if(|next| *next == ",").is_some() {
            arguments.push(Self::operation(tokens, 0));
        }
        assert!(!is_list || tokens.pop() == Some("]"));
        assert_eq!(tokens.pop(), Some(")"));
        Self::Call(token.to_owned(), arguments)
    }

    /// The names in it.
    fn names(&self) -> BTreeSet<&str> {
        match self {
            Self::Number(_) => BTreeSet::new(),
            Self::Name(name) => BTreeSet::from([name.as_str()]),
            Self::Operation(_, left, right) => &left.names() | &right.names(),
            Self::Call(_, arguments) => arguments.iter().flat_map(Self::names).collect(),
        }
    }

    /// Its value at one time; `None` if there is none.
    fn value(&self, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        let truth = |is_true: bool| Some(if is_true { 1.0 } else { 0.0 });
        match self {
            Self::Number(number) => Some(*number),
            Self::Name(name) => of(name),
            Self::Operation(operator, left, right) => {
                let (left, right) = match (left.value(of), right.value(of)) {
                    (None, None) => return None,
                    // A scalar makes no point where the other has none.
                    (None, Some(_)) if matches!(**right, Self::Number(_)) => return None,
                    (Some(_), None) if matches!(**left, Self::Number(_)) => return None,
                    (left, right) => (left.unwrap_or(0.0), right.unwrap_or(0.0)),
                };
                match operator.as_str() {
                    "OR" => truth(left != 0.0 || right != 0.0),
                    "AND" => truth(left != 0.0 && right != 0.0),
                    ">" => truth(left > right),
                    ">=" => truth(left >= right),
                    "<" => truth(left < right),
                    "<=" => truth(left <= right),
                    "+" => Some(left + right),
                    "-" => Some(left - right),
                    "*" => Some(left * right),
                    "/" => Some(left / right).filter(|_| right != 0.0),
                    other => panic!("the operator {other}"),
                }
            }
            Self::Call(function, arguments) => {
                let mut values = arguments.iter().map(|argument| argument.value(of));
                let mut next = || values.next().unwrap_or_else(|| panic!("{function} has too few arguments"));
                match function.as_str() {
                    "FILL" => next().or_else(next),
                    "IF" => {
                        let (condition, then, otherwise) = (next()?, next(), next());
                        if condition == 0.0 { otherwise } else { Some(then.unwrap_or(0.0)) }
                    }
                    "SUM" => values.flatten().reduce(|left, right| left + right),
                    "MAX" => values.flatten().reduce(f64::max),
                    other => panic!("the function {other}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The tables of AWS's documentation (`alarms-evaluating-missing-data`): 0 is a point within the threshold, X one
    /// beyond it, - one that is missing; the latest is the last.
    #[test]
    fn missing_data_count_as_in_the_documentation() {
        for (points, needed, if_breaching, if_not) in [
            ("0-X-X", 3, false, false),
            ("0----", 3, false, false),
            ("-----", 3, true, false),
            ("0XX-X", 3, true, true),
            ("----X", 3, true, false),
            ("X----", 3, true, false),
            ("0-X-X", 2, true, true),
            ("00X0X", 2, true, true),
            ("0-X--", 2, true, false),
            ("----0", 2, true, false),
            ("----X", 2, true, false),
        ] {
            let read: Vec<Option<bool>> = points.chars().rev().map(|it| (it != '-').then_some(it == 'X')).collect();
            assert_eq!(is_alarm(&read, 3, needed, true), if_breaching, "{points} of {needed}, breaching");
            assert_eq!(is_alarm(&read, 3, needed, false), if_not, "{points} of {needed}, not breaching");
        }
    }

    /// The examples of AWS's documentation of metric math.
    #[test]
    fn expressions_have_the_values_of_the_documentation() {
        let values = |text: &str, one: &[Option<f64>], two: &[Option<f64>]| -> Vec<Option<f64>> {
            let expression = Expression::parse(text);
            let at = |index: usize| expression.value(&|name| if name == "metric1" { one[index] } else { two[index] });
            (0..one.len()).map(at).collect()
        };
        let some = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        let (one, two) = (some(&[30.0, 20.0, 0.0, 0.0]), [Some(20.0), None, Some(20.0), None]);
        assert_eq!(values("metric1 < metric2", &one, &two), some(&[0.0, 0.0, 1.0, 0.0]));
        assert_eq!(values("metric1 >= 30", &one, &two), some(&[1.0, 0.0, 0.0, 0.0]));
        let (one, two) = ([Some(1.0), Some(1.0), Some(0.0), None], [Some(30.0), None, Some(0.0), Some(30.0)]);
        assert_eq!(values("IF(metric1, metric2, 5)", &one, &two), [Some(30.0), Some(0.0), Some(5.0), None]);
        assert_eq!(values("FILL(metric2, 7)", &one, &two), some(&[30.0, 7.0, 0.0, 30.0]));
        assert_eq!(values("SUM([FILL(metric1, 0), metric2])", &one, &two), some(&[31.0, 1.0, 0.0, 30.0]));
        assert_eq!(values("2 * (metric1 + metric2) / metric2", &one, &two), [Some(62.0 / 30.0), None, None, Some(2.0)]);
    }

    #[test]
    fn windows_slide_and_parts_are_joined() {
        let part = |period: u64, threshold: f64| {
            json!({
                "Namespace": "AWS/ApiGateway", "MetricName": "5XXError", "Statistic": "Average", "Period": period,
                "Threshold": threshold, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
                "TreatMissingData": "notBreaching",
            })
        };
        let alarms = BTreeMap::from([
            ("Long".to_owned(), part(240, 0.2)),
            ("Short".to_owned(), part(60, 0.2)),
            ("Both".to_owned(), json!({"AlarmRule": "(ALARM(\"Long\") AND ALARM(\"Short\"))"})),
        ]);
        let minutes: Minutes = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0]
            .map(|value| vec![Measurement::new("AWS/ApiGateway", "5XXError", value)])
            .into();
        let states = |name: &str| -> String {
            let states = Alarms(&alarms).states(name, &minutes);
            states.iter().map(|state| if *state == State::Alarm { 'X' } else { '0' }).collect()
        };
        assert_eq!([states("Long"), states("Short"), states("Both")], ["00XXXXXX", "00X0X000", "00X0X000"]);
    }
}
