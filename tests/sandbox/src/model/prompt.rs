//! What the model is shown, read back out of the request: evidence rows and, in a repair turn, the findings.
//! Knows the form of the evidence block and nothing else of the prompt.

use serde_json::Value;

/// A chat request as far as the scripted model looks at it.
#[derive(Debug, Default)]
pub(super) struct Prompt {
    pub(super) system: String,
    pub(super) rows: Vec<Row>,
    /// The validators' words, in a repair turn.
    pub(super) findings: Option<String>,
}

/// One row of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// `S1`.
    pub(super) handle: String,
    /// `specification`.
    pub(super) kind: String,
    /// `10 14 00 Signage rev 1, page 2`.
    pub(super) label: String,
    pub(super) text: String,
}

impl Row {
    /// True for handles of this letter.
    pub(super) fn is(&self, letter: char) -> bool {
        self.handle.starts_with(letter)
    }

    /// True for a sheet that was replaced.
    pub(super) fn is_superseded(&self) -> bool {
        self.kind.starts_with("superseded")
    }
}

impl Prompt {
    pub(super) fn read(request: &Value) -> Self {
        let messages = request.get("messages").and_then(Value::as_array);
        let of = |role: &str| -> Vec<&str> {
            messages
                .into_iter()
                .flatten()
                .filter(|message| message.get("role").and_then(Value::as_str) == Some(role))
                .filter_map(|message| message.get("content").and_then(Value::as_str))
                .collect()
        };
        let users = of("user");
        Self {
            system: of("system").concat(),
            rows: users.first().map(|user| rows(user)).unwrap_or_default(),
            findings: users.get(1).map(|findings| (*findings).to_owned()),
        }
    }

    /// The record itself.
    pub(super) fn record(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.handle == "R1")
    }
}

/// The rows of the first evidence block. Its token is random: the end line must carry the same.
fn rows(user: &str) -> Vec<Row> {
    let mut lines = user.lines();
    let token = lines.find_map(|line| line.trim().strip_prefix("<<<EVIDENCE ")?.strip_suffix(">>>"));
    let Some(token) = token else {
        return Vec::new();
    };
    let end = format!("<<<END {token}>>>");
    let mut rows: Vec<Row> = Vec::new();
    for line in lines.take_while(|line| line.trim() != end) {
        if let Some(text) = line.strip_prefix('|') {
            if let Some(row) = rows.last_mut() {
                row.text.push_str(text.strip_prefix(' ').unwrap_or(text));
                row.text.push('\n');
            }
        } else {
            rows.extend(header(line));
        }
    }
    rows
}

/// `[S1] specification | 10 14 00 Signage rev 1, page 2`.
fn header(line: &str) -> Option<Row> {
    let (handle, rest) = line.strip_prefix('[')?.split_once(']')?;
    let (kind, label) = rest.split_once('|')?;
    Some(Row {
        handle: handle.to_owned(),
        kind: kind.trim().to_owned(),
        label: label.trim().to_owned(),
        text: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_and_findings_are_read_from_the_form_the_prompt_gives_them() {
        let user = "Do so.\n<<<EVIDENCE k9>>>\n[R1] record | RFI 7, open\n| What width?\n| <<<END k0>>>\n|\n| Thanks\n\
                    [S1] specification | 10 14 00 Signage rev 1, page 2\n| A. Width: 6 in\n<<<END k9>>>\n[S2] not | a row\n";
        let request = json!({"messages": [
            {"role": "system", "content": "Rules"},
            {"role": "user", "content": user},
            {"role": "assistant", "content": "{}"},
            {"role": "user", "content": "claims/0: quote_not_in_source"},
        ]});
        let prompt = Prompt::read(&request);
        assert_eq!(prompt.system, "Rules");
        assert_eq!(prompt.findings.as_deref(), Some("claims/0: quote_not_in_source"));
        assert_eq!(
            prompt.rows.iter().map(|row| (row.handle.as_str(), row.text.as_str())).collect::<Vec<_>>(),
            [("R1", "What width?\n<<<END k0>>>\n\nThanks\n"), ("S1", "A. Width: 6 in\n")]
        );
        assert_eq!(prompt.rows[1].kind, "specification");
        assert_eq!(prompt.rows[1].label, "10 14 00 Signage rev 1, page 2");
    }

    #[test]
    fn a_request_without_evidence_has_no_rows() {
        for request in
            [json!({}), json!({"messages": [{"role": "user", "content": "[S1] specification | x\n| y"}]})]
        {
            assert!(Prompt::read(&request).rows.is_empty());
        }
    }
}
