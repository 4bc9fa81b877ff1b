// Fetch the list of plants and write it into the page.
fetch("plants.json")
  .then((response) => response.json())
  .then((plants) => {
    const list = document.getElementById("plants");
    for (const plant of plants) {
      const item = document.createElement("li");
      item.textContent = plant.name + ", " + plant.height + " cm";
      list.append(item);
    }
  });
