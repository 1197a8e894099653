//! CloudFormation in its own words: the query protocol, which is a form out and XML back. Only what a deployment needs.

use std::collections::BTreeMap;

use stack::Emulator;

/// So that the emulator knows which service is meant; it looks at nothing else of it.
const SIGNED_FOR: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudformation/aws4_request, \
                          SignedHeaders=host, Signature=none";

/// Creates a stack from a template in a bucket (one in the request may have 51,200 bytes at most, which this has not)
/// and returns its outputs.
pub(crate) async fn create(
    emulator: &Emulator,
    stack: &str,
    (bucket, template): (&str, &str),
    parameters: &[(&str, String)],
) -> BTreeMap<String, String> {
    let mut form = vec![
        ("Action".to_owned(), "CreateStack".to_owned()),
        ("StackName".to_owned(), stack.to_owned()),
        (
            "TemplateURL".to_owned(),
            emulator.endpoint().join(&format!("{bucket}/{template}")).unwrap().to_string(),
        ),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
    ];
    for (number, (name, value)) in parameters.iter().enumerate() {
        let member = format!("Parameters.member.{}", number + 1);
        form.push((format!("{member}.ParameterKey"), (*name).to_owned()));
        form.push((format!("{member}.ParameterValue"), value.clone()));
    }
    ask(emulator, &form).await;
    let describe = [("Action", "DescribeStacks"), ("StackName", stack), ("Version", "2010-05-15")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    loop {
        let told = ask(emulator, &describe).await;
        match between(&told, "<StackStatus>", "</StackStatus>") {
            // The emulator works on it while it answers.
            "CREATE_IN_PROGRESS" => tokio::task::yield_now().await,
            "CREATE_COMPLETE" => return outputs(&told),
            status => {
                let events = [("Action", "DescribeStackEvents"), ("StackName", stack)]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()));
                panic!("{stack}: {status}\n{told}\n{}", ask(emulator, &events).await)
            }
        }
    }
}

async fn ask(emulator: &Emulator, form: &[(String, String)]) -> String {
    let request =
        reqwest::Client::new().post(emulator.endpoint().clone()).header("authorization", SIGNED_FOR);
    let answer = request.form(form).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{status}: {text}");
    text
}

fn outputs(xml: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    for member in xml.split("<OutputKey>").skip(1) {
        let name = member.split("</OutputKey>").next().unwrap();
        outputs.insert(name.to_owned(), plain(between(member, "<OutputValue>", "</OutputValue>")));
    }
    outputs
}

fn between<'x>(xml: &'x str, open: &str, close: &str) -> &'x str {
    let after = xml.split_once(open).unwrap_or_else(|| panic!("no {open} in {xml}")).1;
    after.split_once(close).unwrap_or_else(|| panic!("no {close} in {xml}")).0
}

fn plain(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#x27;", "'").replace("&#39;", "'").replace("&apos;", "'").replace("&amp;", "&")
}
