use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    handle: Handle,
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Handle(std::marker::PhantomData<*const u8>);

fn main() {}
