//! Projects, people, places, specifications and drawings.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{SECTIONS, World, deliberate};

const PROJECT: &str = "rest/v1.0/projects/4071";
const AREA: &str = "rest/v2.1/companies/8001/projects/4071/specification_areas/60007/specification_sections";

fn column(rows: &Value, name: &str) -> Vec<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn projects_people_and_places_are_listed() {
    let world = World::demo().await;
    for version in ["v1.0", "v1.1"] {
        let list = format!("rest/{version}/projects");
        assert_eq!(world.read(&format!("{list}?company_id=8001")).await[0]["id"], 4071, "{version}");
        let others = format!("{list}?company_id=8001&filters[by_status]=Inactive");
        assert_eq!(world.read(&others).await, json!([]), "{version}");
        let foreign = world.get(&format!("{list}?company_id=8002")).await;
        assert_eq!(foreign.status(), 400, "{version}");
    }
    let base = world.read("rest/v1.0/company_base_url").await;
    assert_eq!(base["web_base_url"], world.sandbox.url().as_str());

    let people = world.read(&format!("{PROJECT}/users?filters[search]=whit")).await;
    assert_eq!((&people[0]["id"], &people[0]["last_name"]), (&json!(5101), &json!("Whitlock")));
    let one = world.read(&format!("{PROJECT}/users/5201")).await;
    assert_eq!(
        (&one["is_employee"], &one["vendor"]["name"]),
        (&json!(false), &json!("Sorensen Vale Architects"))
    );
    assert_eq!(world.get(&format!("{PROJECT}/users/1")).await.status(), 404);

    let inside = world.read(&format!("{PROJECT}/locations?filters[parent_id]=31010")).await;
    assert_eq!(column(&inside, "node_name"), ["South elevation"]);
    let rfi = world.read(&format!("{PROJECT}/rfis/{}", world.rfi_id(43))).await;
    assert_eq!(rfi["location"]["id"], inside[0]["id"]);
}

#[tokio::test]
async fn sections_are_searched_and_an_area_lists_sections_not_revisions() {
    let world = World::demo().await;
    let found = world.read(&format!("{SECTIONS}?search_string=signage")).await;
    assert_eq!(column(&found["data"], "number"), ["10 14 00", "10 14 00"]);
    let division = world.read(&format!("{SECTIONS}?filters[division_ids][]=7")).await;
    assert_eq!(column(&division["data"], "number"), ["07 92 00"]);
    assert_eq!(world.read(&format!("{SECTIONS}?specification_area_id=1")).await["data"], json!([]));

    let sections = world.read(&format!("{AREA}?search_string=10%2014%2000")).await;
    let current =
        world.sandbox.sections().into_iter().find(|one| one.number == "10 14 00" && one.current).unwrap();
    assert_eq!(sections["data"].as_array().unwrap().len(), 1);
    assert_eq!(sections["data"][0]["id"], current.section_id.to_string());
    assert_eq!(sections["data"][0]["current_revision_id"], current.revision_id.to_string());
    assert_eq!(world.get(&AREA.replace("60007", "1")).await.status(), 404);
}

#[tokio::test]
async fn the_older_specification_is_bare_and_names_current_revisions() {
    let world = World::demo().await;
    let sections = world.read("rest/v1.0/specification_sections?project_id=4071").await;
    assert_eq!(sections.as_array().unwrap().len(), 7);
    let signage =
        world.sandbox.sections().into_iter().find(|one| one.number == "10 14 00" && one.current).unwrap();
    let one =
        format!("rest/v1.0/specification_sections?project_id=4071&filters[id][]={}", signage.section_id);
    assert_eq!(world.read(&one).await[0]["current_revision_id"], signage.revision_id);

    let divisions = world.read("rest/v1.0/specification_section_divisions?project_id=4071").await;
    assert_eq!(column(&divisions, "number"), ["03", "07", "08", "09", "10"]);
    let revisions = "rest/v1.0/specification_section_revisions";
    let of_division = format!("{revisions}?project_id=4071&specification_section_division_id=10");
    assert_eq!(world.read(&of_division).await.as_array().unwrap().len(), 2);
    let all = world.read(&format!("{of_division}&all_revisions=true")).await;
    assert_eq!(all.as_array().unwrap().len(), 3);
    let shown = world.read(&format!("{revisions}/{}?project_id=4071", signage.revision_id)).await;
    assert_eq!(shown["section_id"], signage.section_id);
    assert_eq!(world.read(&format!("{PROJECT}/specification_sets")).await[0]["id"], 61_007);

    for (path, status) in [("?project_id=4072", 403), ("?project_id=4099", 404)] {
        assert_eq!(world.get(&format!("rest/v1.0/specification_sections{path}")).await.status(), status);
    }
    let nowhere = world.request(Method::GET, "rest/v1.0/specification_sections");
    assert_eq!(deliberate(nowhere, "no project").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn drawings_show_what_is_in_force_and_the_rest_on_request() {
    let world = World::demo().await;
    let revisions = format!("{PROJECT}/drawing_revisions");
    let current = world.read(&revisions).await;
    assert_eq!(column(&current, "number"), ["A-501", "A-601", "A-811", "S-201"]);
    let all = world.read(&format!("{revisions}?with_obsolete=true&drawing_id=41003")).await;
    assert_eq!(column(&all, "revision_number"), ["0", "1"]);
    assert_eq!((&all[0]["current"], &all[0]["obsolete"]), (&json!(false), &json!(true)));
    let signs = world.read(&format!("{revisions}?query=sign%20schedule")).await;
    let shown = world.read(&format!("{revisions}/{}", signs[0]["id"])).await;
    assert_eq!(shown, signs[0]);
    let file = world.get(shown["pdf_url"].as_str().unwrap()).await;
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF-"));
    let structural = world.read(&format!("{revisions}?drawing_discipline_id=44002")).await;
    assert_eq!(column(&structural, "number"), ["S-201"]);
    let ids = format!("{revisions}?id[]={}", signs[0]["id"]);
    assert_eq!(column(&world.read(&ids).await, "number"), ["A-811"]);

    let areas = world.read(&format!("{PROJECT}/drawing_areas")).await;
    assert_eq!(areas[0]["drawing_sets"][0]["drawing_revisions_count"], 6);
    let sheets = world.read("rest/v1.1/drawing_areas/42001/drawings?project_id=4071").await;
    assert_eq!(sheets[2]["current_revision"]["id"], signs[0]["id"]);
    assert_eq!(world.read(&format!("{PROJECT}/drawing_disciplines")).await[1]["name"], "Structural");
}
